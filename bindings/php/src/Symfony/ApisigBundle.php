<?php

declare(strict_types=1);

namespace Apisig\Symfony;

use Apisig\Framework\DiagnoseCommand;
use Apisig\Framework\Listeners;
use Apisig\Framework\Settings;
use Apisig\Framework\SetUp;
use Apisig\Framework\Vendors;
use Apisig\Framework\Webhooks;
use Apisig\LibraryUnavailable;
use Apisig\ReplayGuard;
use Apisig\VerificationFailed;
use Psr\Http\Message\StreamFactoryInterface;
use Symfony\Component\Config\Definition\Configurator\DefinitionConfigurator;
use Symfony\Component\DependencyInjection\Argument\ServiceClosureArgument;
use Symfony\Component\DependencyInjection\Argument\ServiceLocatorArgument;
use Symfony\Component\DependencyInjection\ContainerBuilder;
use Symfony\Component\DependencyInjection\ContainerInterface;
use Symfony\Component\DependencyInjection\Definition;
use Symfony\Component\DependencyInjection\Loader\Configurator\ContainerConfigurator;
use Symfony\Component\DependencyInjection\Reference;
use Symfony\Component\HttpKernel\Bundle\AbstractBundle;

/**
 * The bundle for Symfony 6.4 and newer. For each vendor that is configured it makes the vendor's class and its signer
 * for autowiring, the attribute #[Verify], and apisig.kommo.webhook, a parser for symfony/webhook.
 */
final class ApisigBundle extends AbstractBundle
{
    protected string $extensionAlias = 'apisig';

    public function configure(DefinitionConfigurator $definition): void
    {
        $nodes = $definition->rootNode()->children();
        $nodes->scalarNode('application')->isRequired()->cannotBeEmpty()
            ->info('A part of every key in the replay store: the same in all processes of this application.');
        $nodes->scalarNode('replay_store')->isRequired()
            ->info('The service that remembers webhooks, such as Apisig\RedisReplayStore; ~: they are admitted again.');
        $nodes->integerNode('longest')->defaultValue(ReplayGuard::LONGEST)
            ->info('Seconds that a webhook is remembered; its signature never expires.');
        foreach (Vendors::ALL as $name => $vendor) {
            $settings = $nodes->arrayNode($name)->children();
            foreach ($vendor::SETTINGS as $setting => $default) {
                $settings->node($setting, \is_int($default) ? 'integer' : 'variable')->defaultValue($default);
            }
        }
    }

    public function prependExtension(ContainerConfigurator $container, ContainerBuilder $builder): void
    {
        $builder->prependExtensionConfig('framework', ['exceptions' => [
            VerificationFailed::class => ['status_code' => 401, 'log_level' => 'warning'],
            LibraryUnavailable::class => ['status_code' => 503, 'log_level' => 'critical'],
        ]]);
    }

    /** @param array<string, mixed> $config */
    public function loadExtension(
        #[\SensitiveParameter] array $config,
        ContainerConfigurator $container,
        ContainerBuilder $builder
    ): void {
        $guard = null;
        if ($config['replay_store'] !== null) {
            $guard = new Reference(ReplayGuard::class);
            $arguments = [new Reference($config['replay_store']), $config['application'], $config['longest']];
            $builder->setDefinition(ReplayGuard::class, new Definition(ReplayGuard::class, $arguments));
        }
        $builder->setDefinition(Listeners::class, self::made([Listeners::class, 'of'], Listeners::class, [
            new Reference('logger', ContainerInterface::NULL_ON_INVALID_REFERENCE),
            new Reference('event_dispatcher'),
        ]));
        $settings = $gates = [];
        foreach (\array_intersect_key(Vendors::ALL, $config) as $name => $vendor) {
            $settings[$name] = new Definition(Settings::class, [$name, $config[$name]]);
            self::loadVendor($builder, $name, $settings[$name], $guard);
            if ($vendor::GATE !== null) {
                $gates[$name] = new Reference($vendor::GATE);
            }
        }
        $listener = new Definition(VerifyListener::class, [
            new ServiceLocatorArgument($gates),
            new Reference(Listeners::class),
        ]);
        // Before what reads the request for the controller's arguments.
        $listener->addTag('kernel.event_listener', ['event' => 'kernel.controller', 'priority' => 1000]);
        $builder->setDefinition(VerifyListener::class, $listener);
        $setUp = new Definition(SetUp::class, [
            $settings,
            new Reference(StreamFactoryInterface::class, ContainerInterface::NULL_ON_INVALID_REFERENCE),
            $guard === null ? null : new ServiceClosureArgument($guard),
        ]);
        $builder->setDefinition(
            DiagnoseCommand::class,
            (new Definition(DiagnoseCommand::class, [$setUp]))->addTag('console.command')
        );
    }

    private static function loadVendor(
        ContainerBuilder $builder,
        string $name,
        Definition $settings,
        ?Reference $guard
    ): void {
        $vendor = Vendors::ALL[$name];
        $builder->setDefinition($vendor::SERVICE, self::made([$vendor, 'service'], $vendor::SERVICE, [$settings]));
        if ($vendor::SIGNER !== null) {
            $arguments = [$settings, new Reference(StreamFactoryInterface::class)];
            $builder->setDefinition($vendor::SIGNER, self::made([$vendor, 'signer'], $vendor::SIGNER, $arguments));
        }
        if ($vendor::GATE === null) {
            return;
        }
        $builder->setDefinition($vendor::GATE, self::made([$vendor, 'gate'], $vendor::GATE, [$settings, $guard]));
        if (\is_subclass_of($vendor::GATE, Webhooks::class)) {
            $arguments = [new Reference($vendor::GATE), new Reference(Listeners::class)];
            $builder->setDefinition("apisig.$name.webhook", new Definition(RequestParser::class, $arguments));
        }
    }

    private static function made(array $factory, string $class, #[\SensitiveParameter] array $arguments): Definition
    {
        return (new Definition($class, $arguments))->setFactory($factory);
    }
}
