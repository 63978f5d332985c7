<?php

namespace Tests;

use Apisig\Framework\RequestChecked;
use Apisig\Laravel\ApisigServiceProvider;
use Apisig\Status;
use Apisig\Testing\FakeImbaChat;
use Apisig\VerificationFailed;
use Illuminate\Support\Facades\Artisan;
use Illuminate\Support\Facades\Event;
use Illuminate\Support\Facades\Route;

/**
 * What the documented application does not show.
 */
final class DiscoveryTest extends TestCase
{
    public function testTheProviderIsFound(): void
    {
        $this->assertArrayHasKey(ApisigServiceProvider::class, $this->app->getLoadedProviders());
    }

    public function testImbaChat(): void
    {
        Event::fake([RequestChecked::class]);
        Route::get('/users', fn () => 'reached')->middleware('apisig.imbachat');
        $imbachat = new FakeImbaChat('root', 'abc');
        $this->call(...$imbachat->users()->to('/users')->arguments())->assertOk()->assertSee('reached');
        $this->call(...$imbachat->users(broken: 'SECRET_SPACE')->to('/users')->arguments())
            ->assertUnauthorized()->assertHeader('WWW-Authenticate')->assertJson(['code' => 401]);
        Event::assertDispatched(RequestChecked::class, 2);
    }

    public function testAFailureIsRenderedAs401(): void
    {
        Route::get('/fails', fn () => throw new VerificationFailed('why', Status::Mismatch));
        $answer = $this->get('/fails');
        $answer->assertUnauthorized();
        $this->assertSame('', $answer->getContent());
    }

    public function testDiagnose(): void
    {
        $this->assertSame(0, Artisan::call('apisig:diagnose'));
        $this->assertStringContainsString('The store admits an id once.', Artisan::output());
    }

    public function testDiagnoseFindsWhatIsWrong(): void
    {
        config(['apisig.kommo.secret' => "secret\n"]);
        $this->assertSame(1, Artisan::call('apisig:diagnose'));
    }

    public function testTheConfigurationIsPublished(): void
    {
        Artisan::call('vendor:publish', ['--tag' => 'apisig-config']);
        $file = $this->app->basePath('config/apisig.php');
        $this->assertStringContainsString('Vendors::settings', file_get_contents($file));
        unlink($file);
    }
}
