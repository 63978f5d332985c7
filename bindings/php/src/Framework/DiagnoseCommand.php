<?php

declare(strict_types=1);

namespace Apisig\Framework;

use Symfony\Component\Console\Attribute\AsCommand;
use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Output\OutputInterface;

/**
 * Prints what SetUp finds: the command of Laravel's artisan and of Symfony's console.
 *
 * @internal
 */
#[AsCommand('apisig:diagnose', 'Tries the library, the settings of each vendor, and the replay store')]
final class DiagnoseCommand extends Command
{
    public function __construct(private readonly SetUp $setUp)
    {
        parent::__construct('apisig:diagnose');
    }

    /** Returns 0, or 1 if something does not work. */
    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        $status = self::SUCCESS;
        foreach ($this->setUp->findings() as [$name, $works, $text]) {
            $word = $works === null ? '-' : ($works ? 'ok' : 'WRONG');
            $output->writeln(\sprintf('%-10s %-6s %s', $name, $word, $text), OutputInterface::OUTPUT_RAW);
            $status = $works === false ? self::FAILURE : $status;
        }
        return $status;
    }
}
