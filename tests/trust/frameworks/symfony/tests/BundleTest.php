<?php

namespace App\Tests;

use Apisig\Framework\RequestChecked;
use Apisig\Testing\FakeImbaChat;
use Apisig\Testing\FakeKommo;
use Apisig\Testing\FakeRequest;
use App\Called;
use Symfony\Bundle\FrameworkBundle\Console\Application;
use Symfony\Bundle\FrameworkBundle\Test\WebTestCase;
use Symfony\Component\Config\Definition\Exception\InvalidConfigurationException;
use Symfony\Component\Config\Definition\Processor;
use Symfony\Component\Console\Tester\ApplicationTester;
use Symfony\Component\DependencyInjection\ContainerBuilder;
use Symfony\Component\HttpFoundation\Response;
use Symfony\Component\HttpKernel\Event\ControllerEvent;
use Symfony\Component\HttpKernel\KernelEvents;

/**
 * What the documented application does not show.
 */
final class BundleTest extends WebTestCase
{
    public function testImbaChat(): void
    {
        $client = self::createClient();
        $client->disableReboot();
        $checked = new \ArrayObject();
        self::getContainer()->get('event_dispatcher')->addListener(RequestChecked::class, static fn ($event) => $checked->append($event));
        $imbachat = new FakeImbaChat('root', 'abc');
        $client->request(...$imbachat->users([7])->to('/imbachat/users')->arguments());
        $this->assertSame('[{"user_id":7,"name":"User 7"}]', $client->getResponse()->getContent());
        $client->request(...$imbachat->users(broken: 'SECRET_CASE')->to('/imbachat/users')->arguments());
        $this->assertResponseStatusCodeSame(401);
        $this->assertResponseHeaderSame('WWW-Authenticate', 'Basic realm="Backend"');
        $this->assertCount(2, $checked);
    }

    public function testTheAttributeIsInherited(): void
    {
        $client = self::createClient();
        $client->disableReboot();
        foreach (['/inherited/class', '/inherited/interface', '/inherited/trait', '/inherited/static'] as $path) {
            $client->request('GET', $path);
            $this->assertResponseStatusCodeSame(401);
            $client->request(...(new FakeImbaChat('root', 'abc'))->users()->to($path)->arguments());
            $this->assertSame('reached', $client->getResponse()->getContent());
        }
    }

    /** A closure of a static method knows the class that is called. */
    public function testAClosureOfAStaticMethod(): void
    {
        $client = self::createClient();
        $before = static fn (ControllerEvent $event) => $event->setController(Called::handle(...));
        self::getContainer()->get('event_dispatcher')->addListener(KernelEvents::CONTROLLER, $before, 2000);
        $client->request('GET', '/imbachat/users');
        $this->assertResponseStatusCodeSame(401);
    }

    /** As one that wraps the controller. */
    public function testALaterListenerDoesNotUndoARefusal(): void
    {
        $client = self::createClient();
        $later = static fn (ControllerEvent $event) => $event->setController(static fn () => new Response('reached'));
        self::getContainer()->get('event_dispatcher')->addListener(KernelEvents::CONTROLLER, $later, -100);
        $client->request('GET', '/imbachat/users');
        $this->assertResponseStatusCodeSame(401);
    }

    public function testWebhooksThatAreNone(): void
    {
        $client = self::createClient();
        $kommo = new FakeKommo('secret');
        $status = static function (FakeRequest $request) use ($client): int {
            $client->request(...$request->to('/webhook/kommo')->arguments());
            return $client->getResponse()->getStatusCode();
        };
        $body = '["' . \uniqid() . '"]';
        $list = new FakeRequest('POST', '/', ['X-Signature' => \hash_hmac('sha1', $body, 'secret')], $body);
        $get = new FakeRequest('GET', '/', $kommo->webhook()->headers);
        $this->assertSame([401, 413, 406], [
            $status(new FakeRequest('POST', '/', [], '{}')),
            $status($kommo->webhook(['text' => \str_repeat('x', 1 << 16)])),
            $status($list),
        ]);
        $this->assertNotSame(200, $status($get));
    }

    public function testAFailureIsAnsweredWith401(): void
    {
        $client = self::createClient();
        $headers = (new FakeImbaChat('root', 'abc'))->users()->headers;
        $client->request(...(new FakeRequest('GET', '/imbachat/users?user_ids=1;2', $headers))->arguments());
        $this->assertResponseStatusCodeSame(401);
    }

    public function testDiagnose(): void
    {
        $application = new Application(self::bootKernel());
        $application->setAutoExit(false);
        $tester = new ApplicationTester($application);
        $this->assertSame(0, $tester->run(['command' => 'apisig:diagnose']), $tester->getDisplay());
        $this->assertStringContainsString('The store admits an id once.', $tester->getDisplay());
        $this->assertStringContainsString('kommo      ok', $tester->getDisplay());
    }

    public function testTheStoreHasToBeChosen(): void
    {
        $extension = (new \Apisig\Symfony\ApisigBundle())->getContainerExtension();
        $process = static fn (array $config): array => (new Processor())->processConfiguration(
            $extension->getConfiguration([], new ContainerBuilder()),
            [$config]
        );
        $settings = ['application' => 'shop', 'replay_store' => null];
        $this->assertNull($process($settings)['replay_store']);
        $this->assertSame(60, $process($settings + ['longest' => 60, 'kommo' => ['limit' => 64]])['longest']);
        foreach ([['longest' => '30d'], ['kommo' => ['limit' => '1M']]] as $wrong) {
            try {
                $process($settings + $wrong);
                $this->fail('That is no number.');
            } catch (InvalidConfigurationException $invalid) {
                $this->assertStringContainsString('Expected "int"', $invalid->getMessage());
            }
        }
        $this->expectException(InvalidConfigurationException::class);
        $this->expectExceptionMessage('replay_store');
        $process(['application' => 'shop']);
    }
}
