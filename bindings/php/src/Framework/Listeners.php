<?php

declare(strict_types=1);

namespace Apisig\Framework;

use Apisig\Checked;
use Apisig\Outcome;
use Psr\Log\LoggerInterface;

/**
 * The logger and the callback, which are told about each request before it is answered.
 *
 * @internal
 */
final class Listeners
{
    /** @param ?\Closure(Checked): mixed $onChecked */
    public function __construct(private readonly ?LoggerInterface $logger, private readonly ?\Closure $onChecked)
    {
    }

    /**
     * The logger and the framework's dispatcher of events, which gets a RequestChecked.
     *
     * @param object $events of PSR-14 or Laravel
     */
    public static function of(?LoggerInterface $logger, object $events): self
    {
        return new self($logger, static fn (Checked $checked): mixed => $events->dispatch(
            new RequestChecked($checked)
        ));
    }

    /** Whether the request is admitted: logged as a warning if not, and told to the callback. */
    public function admit(Checked $checked): bool
    {
        $admitted = $checked->outcome === Outcome::Admitted;
        if ($admitted) {
            $this->logger?->debug("$checked->vendor: admitted by secret $checked->secret");
        } else {
            $status = $checked->outcome->status();
            $this->logger?->warning("$checked->vendor: refused with $status: {$checked->outcome->value}");
        }
        if ($this->onChecked !== null) {
            ($this->onChecked)($checked);
        }
        return $admitted;
    }
}
