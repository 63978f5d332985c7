<?php

/**
 * A Users info URL made of the code that ImbaChat's page prints, with a database that is not there. Where the page does
 * not lie beside the project, PHP's own functions stand in for it. Run by `php -S`.
 */

declare(strict_types=1);

namespace Page;

require __DIR__ . '/imbachat_vendor.php';

/** The users of the examples whose ids stand in the query. */
function mysqli_query(mixed $connection, string $query): \ArrayIterator
{
    $rows = [
        ['user_id' => 1, 'display_name' => 'John', 'last_login_date' => '@1590488400', 'custom10' => 'VIP', 'avatar' => '1.jpg'],
        ['user_id' => 2, 'display_name' => 'Jané', 'last_login_date' => '', 'custom10' => '', 'avatar' => ''],
    ];
    return new \ArrayIterator(array_values(array_filter($rows, fn ($row) => preg_match("/\b$row[user_id]\b/", $query) === 1)));
}

function mysqli_connect(mixed ...$database): mixed
{
    return null;
}

function mysqli_num_rows(\ArrayIterator $rows): int
{
    return count($rows);
}

function mysqli_fetch_assoc(\ArrayIterator $rows): ?array
{
    $row = $rows->current();
    $rows->next();
    return $row;
}

// Where the page's code says $this.
(new class {
    public function getApiVersion(): array
    {
        return ['version' => 1.0];
    }

    public function run(string $code): void
    {
        eval("namespace Page; $code");
    }
})->run(\Apisig\Tests\imbachatSite());
