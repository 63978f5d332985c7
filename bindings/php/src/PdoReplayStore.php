<?php

declare(strict_types=1);

namespace Apisig;

/**
 * Ids in a table of a database, by PDO: SQLite 3.24 or newer for one server; PostgreSQL, MariaDB or MySQL (untested)
 * for any number of them. Python's SqlReplayStore has the same table.
 *
 * Make the table once, by createTable() or by the statements of schema() in a migration. A row is 64 hex digits, the
 * SHA-256 of an id, and the time until which it is remembered, in Unix seconds. The primary key has to be the id alone:
 * it decides which copy of a request is the first. With any other key no copy is admitted.
 */
final class PdoReplayStore implements ReplayStore
{
    /**
     * Inserts the row unless its key exists, in one statement. No connection setting changes that. Naming (id) makes
     * the statement fail on a table without that key, which INSERT IGNORE cannot name.
     */
    private const ADD = [
        'sqlite' => 'INSERT INTO %s (id, expires_at) VALUES (?, ?) ON CONFLICT (id) DO NOTHING',
        'pgsql' => 'INSERT INTO %s (id, expires_at) VALUES (?, ?) ON CONFLICT (id) DO NOTHING',
        'mysql' => 'INSERT IGNORE INTO %s (id, expires_at) VALUES (?, ?)',
    ];

    private const CREATE = 'CREATE TABLE IF NOT EXISTS %s'
        . ' (id CHAR(64) NOT NULL PRIMARY KEY, expires_at BIGINT NOT NULL)';

    private const DEADLOCK = '40001';

    private const TRIES = 5;

    private readonly string $add;

    /**
     * @param \PDO $pdo connected, and not in a transaction: what is rolled back is forgotten
     * @param string $table letters, digits and "_", the first no digit; with a schema before a dot or without
     * @param int $cleaning on average, one call in this many also removes expired rows; 1 or more
     * @param ?\Closure(): int $clock Unix seconds; the system's clock if null
     * @throws InvalidArgument for any other database, table name or interval
     */
    public function __construct(
        private readonly \PDO $pdo,
        private readonly string $table = 'apisig_replays',
        private readonly int $cleaning = 1000,
        private readonly ?\Closure $clock = null
    ) {
        $driver = $pdo->getAttribute(\PDO::ATTR_DRIVER_NAME);
        if (!isset(self::ADD[$driver])) {
            throw new InvalidArgument('$pdo is another database. Pass one of SQLite, PostgreSQL, MySQL or MariaDB.');
        }
        if (\preg_match('/^([a-z_]\w*\.)?[a-z_]\w*\z/i', $table) !== 1) {
            throw new InvalidArgument('$table is not a name of letters, digits and "_", with a schema or without.');
        }
        if ($cleaning < 1) {
            throw new InvalidArgument('$cleaning is below 1. Pass 1 or more calls.');
        }
        $this->add = \sprintf(self::ADD[$driver], $table);
    }

    /**
     * Returns the statements that make the table and its index, if they are not there: for your own migrations.
     *
     * @return list<string>
     */
    public function schema(): array
    {
        $create = \sprintf(self::CREATE, $this->table);
        if ($this->isOf('mysql')) {
            // It has no CREATE INDEX IF NOT EXISTS.
            return [\substr($create, 0, -1) . ', INDEX (expires_at))'];
        }
        $index = \substr((string) \strrchr(".$this->table", '.'), 1) . '_expires_at';
        return [$create, "CREATE INDEX IF NOT EXISTS $index ON $this->table (expires_at)"];
    }

    /**
     * Makes the table, if it is not there.
     *
     * @throws Exception
     * @throws \PDOException
     */
    public function createTable(): void
    {
        foreach ($this->schema() as $statement) {
            $this->run($statement);
        }
    }

    /**
     * @throws Exception if the database does not do it, the connection is in a transaction, or the table of MariaDB or
     * MySQL has no primary key on id alone
     * @throws \PDOException if the database fails, or the table of another one has no such key
     */
    public function rememberIfNew(string $id, int $seconds): bool
    {
        $this->refuseTransaction();
        $key = \hash('sha256', $id);
        // SQLite refuses a transaction in one that SQL began, of which PDO does not know.
        $isNew = $this->isOf('sqlite') ? $this->addAlone($key, $seconds) : $this->add($key, $seconds);
        $this->refuseTransaction();
        if (\random_int(1, $this->cleaning) === 1) {
            $this->clean();
        }
        return $isNew;
    }

    private function add(string $key, int $seconds): bool
    {
        $now = $this->now();
        // Two callers may both delete an expired row; the primary key lets only one insert.
        $this->run("DELETE FROM $this->table WHERE id = ? AND expires_at <= ?", $key, $now);
        $isNew = $this->run($this->add, $key, $now + \min($seconds, \PHP_INT_MAX - $now)) === 1;
        if ($isNew && $this->isOf('mysql') && $this->run("SELECT 1 FROM $this->table WHERE id = ?", $key) > 1) {
            throw new Exception(
                "The table $this->table has no primary key on id alone. Drop it and call createTable()."
            );
        }
        return $isNew;
    }

    private function addAlone(string $key, int $seconds): bool
    {
        $this->run('BEGIN IMMEDIATE');
        try {
            $isNew = $this->add($key, $seconds);
            $this->run('COMMIT');
            return $isNew;
        } catch (\Throwable $failure) {
            $this->run('ROLLBACK');
            throw $failure;
        }
    }

    private function refuseTransaction(): void
    {
        if ($this->pdo->inTransaction()) {
            throw new Exception('The connection is in a transaction, or does not commit by itself: use another one.');
        }
    }

    /**
     * @throws Exception
     * @throws \PDOException
     */
    public function forget(string $id): void
    {
        $this->run("DELETE FROM $this->table WHERE id = ?", \hash('sha256', $id));
    }

    /**
     * Removes the expired rows, as some calls do by themselves, and returns their number.
     *
     * @throws Exception
     * @throws \PDOException
     */
    public function removeExpired(): int
    {
        return $this->run("DELETE FROM $this->table WHERE expires_at <= ?", $this->now());
    }

    /** Ignores a failed cleanup: this request is already decided, and a later call cleans up. */
    private function clean(): void
    {
        try {
            $this->removeExpired();
        } catch (\PDOException | Exception) {
        }
    }

    private function isOf(string $driver): bool
    {
        return $this->pdo->getAttribute(\PDO::ATTR_DRIVER_NAME) === $driver;
    }

    /** Returns how many rows changed or were found. Retries after a deadlock, as a cleanup can cause in MySQL. */
    private function run(string $sql, string|int ...$bound): int
    {
        for ($tries = 1;; $tries++) {
            try {
                return $this->changed($sql, $bound);
            } catch (\PDOException $exception) {
                if ($exception->getCode() !== self::DEADLOCK || $tries === self::TRIES) {
                    throw $exception;
                }
            }
        }
    }

    /** A connection may be set to return false instead of throwing. */
    private function changed(string $sql, array $bound): int
    {
        $statement = $this->pdo->prepare($sql);
        if ($statement === false || !$statement->execute($bound)) {
            $state = ($statement ?: $this->pdo)->errorCode();
            throw new Exception("The database refuses the replay store's statement: SQLSTATE $state.");
        }
        return \str_starts_with($sql, 'SELECT') ? \count($statement->fetchAll()) : $statement->rowCount();
    }

    private function now(): int
    {
        return $this->clock === null ? \time() : ($this->clock)();
    }
}
