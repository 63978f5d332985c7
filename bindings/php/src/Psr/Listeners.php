<?php

declare(strict_types=1);

namespace Apisig\Psr;

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
