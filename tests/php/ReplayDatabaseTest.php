<?php

declare(strict_types=1);

namespace Apisig\Tests;

use Apisig\Exception;
use Apisig\InvalidArgument;
use Apisig\Laravel\CacheReplayStore;
use Apisig\PdoReplayStore;
use Illuminate\Cache\ArrayStore;
use Illuminate\Cache\FileStore;
use Illuminate\Cache\NullStore;
use Illuminate\Cache\Repository;
use Illuminate\Filesystem\Filesystem;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

/**
 * Replay stores without Redis: a table of SQLite, PostgreSQL and MariaDB, by servers of the test's own, and Laravel's cache.
 */
final class ReplayDatabaseTest extends TestCase
{
    private static string $folder;

    /** @var array<string, array{resource, string, string}> */
    private static array $servers = [];

    private int $now = 1000;

    public static function setUpBeforeClass(): void
    {
        self::$folder = \sys_get_temp_dir() . '/apisig-stores-' . \getmypid();
        \mkdir(self::$folder);
    }

    public static function tearDownAfterClass(): void
    {
        foreach (self::$servers as $driver => [$process, , $folder]) {
            // PostgreSQL waits for its clients, unless it gets SIGINT.
            stop($process, $driver === 'pgsql' ? 2 : 15);
            \exec('rm -r ' . \escapeshellarg($folder));
        }
        self::$servers = [];
        \exec('rm -r ' . \escapeshellarg(self::$folder));
    }

    /**
     * Starts PostgreSQL or MariaDB in a new folder. Neither runs as root.
     *
     * @param string $driver "pgsql" or "mysql"
     * @return array{resource, string, string} the process, the DSN, and the folder
     */
    private static function startDatabase(string $driver): array
    {
        $programs = ['pgsql' => ['/usr/lib/postgresql/*/bin/postgres', 'postgres'], 'mysql' => ['/usr/sbin/mariadbd', 'nobody']];
        [$pattern, $user] = $programs[$driver];
        $program = \glob($pattern)[0] ?? null;
        if ($program === null || !\extension_loaded("pdo_$driver")) {
            missing("$driver: the server or the PHP extension pdo_$driver is not installed.");
        }
        $folder = \sys_get_temp_dir() . "/apisig-$driver-" . \getmypid();
        \mkdir($folder);
        $port = freePort();
        $as = \posix_geteuid() === 0 ? ['setpriv', "--reuid=$user", '--clear-groups'] : [];
        $as === [] || \chown($folder, $user);
        if ($driver === 'mysql') {
            // Without the tables of its users, which it then takes for the administrator.
            $options = ['--no-defaults', "--datadir=$folder", "--socket=$folder/socket", '--bind-address=127.0.0.1', '--skip-grant-tables'];
            $server = start([...$as, $program, ...$options, "--port=$port", '--innodb-flush-log-at-trx-commit=0'], $port);
            self::connected("mysql:host=127.0.0.1;port=$port")->exec('CREATE DATABASE apisig');
            return [$server, "mysql:host=127.0.0.1;port=$port;dbname=apisig", $folder];
        }
        $initialize = [...$as, \dirname($program) . '/initdb', '-D', "$folder/data", '-U', 'apisig', '-A', 'trust', '--no-sync'];
        \exec(\implode(' ', \array_map('escapeshellarg', $initialize)) . ' 2>&1', $output, $status);
        $status === 0 || self::fail(\implode("\n", $output));
        $server = start([...$as, $program, '-D', "$folder/data", '-h', '127.0.0.1', '-p', (string) $port, '-k', '', '-F'], $port);
        $dsn = "pgsql:host=127.0.0.1;port=$port;user=apisig;dbname=postgres";
        self::connected($dsn);
        return [$server, $dsn, $folder];
    }

    /** A connection to a database that may still be starting, although it listens. */
    private static function connected(string $dsn): \PDO
    {
        for ($tries = 0; $tries < 200; $tries++) {
            try {
                return new \PDO($dsn);
            } catch (\PDOException $starting) {
                \usleep(25000);
            }
        }
        throw $starting;
    }

    /** @return array<string, array{string}> */
    public static function drivers(): array
    {
        return ['SQLite' => ['sqlite'], 'PostgreSQL' => ['pgsql'], 'MariaDB' => ['mysql']];
    }

    private static function dsn(string $driver): string
    {
        if (!\extension_loaded("pdo_$driver")) {
            missing("The PHP extension pdo_$driver is not installed.");
        }
        return $driver === 'sqlite'
            ? 'sqlite:' . self::$folder . '/replays.db'
            : (self::$servers[$driver] ??= self::startDatabase($driver))[1];
    }

    /** A store in a new table. */
    private function store(\PDO $pdo, int $cleaning = \PHP_INT_MAX): PdoReplayStore
    {
        $pdo->exec('DROP TABLE IF EXISTS replays');
        $store = new PdoReplayStore($pdo, 'replays', $cleaning, fn (): int => $this->now);
        $store->createTable();
        $store->createTable();
        return $store;
    }

    private static function rows(\PDO $pdo): int
    {
        return (int) $pdo->query('SELECT COUNT(*) FROM replays')->fetchColumn();
    }

    /** @dataProvider drivers */
    #[DataProvider('drivers')]
    public function testAnIdIsNewOnceUntilItExpires(string $driver): void
    {
        $store = $this->store($pdo = new \PDO(self::dsn($driver)));
        $this->assertSame([true, false], [$store->rememberIfNew('a', 60), $store->rememberIfNew('a', 60)]);
        $this->assertTrue($store->rememberIfNew('A', 60), 'whatever the collation');
        $this->assertTrue($store->rememberIfNew(\str_repeat('long', 100) . '1', 60));
        $this->assertTrue($store->rememberIfNew(\str_repeat('long', 100) . '2', 60));
        $store->forget('a');
        $this->assertTrue($store->rememberIfNew('a', 100));
        $this->now += 60;
        $this->assertSame([true, false], [$store->rememberIfNew('A', 60), $store->rememberIfNew('a', 60)]);
        $this->assertSame(2, $store->removeExpired());
        $this->assertSame(2, self::rows($pdo));
    }

    /** @dataProvider drivers */
    #[DataProvider('drivers')]
    public function testATableOfASchema(string $driver): void
    {
        $pdo = new \PDO(self::dsn($driver));
        $schema = ['sqlite' => 'temp', 'pgsql' => 'public', 'mysql' => 'apisig'][$driver];
        $store = new PdoReplayStore($pdo, "$schema.of_schema");
        foreach ($driver === 'sqlite' ? \array_slice($store->schema(), 0, 1) : $store->schema() as $statement) {
            $pdo->exec($statement);
        }
        $this->assertSame([true, false], [$store->rememberIfNew('a', 60), $store->rememberIfNew('a', 60)]);
    }

    /** @dataProvider drivers */
    #[DataProvider('drivers')]
    public function testATableWithoutAPrimaryKeyOnIdAloneAdmitsNoCopy(string $driver): void
    {
        $store = $this->store($pdo = new \PDO(self::dsn($driver)));
        foreach (['', ', PRIMARY KEY (id, expires_at)'] as $key) {
            $pdo->exec('DROP TABLE replays');
            $pdo->exec("CREATE TABLE replays (id CHAR(64) NOT NULL, expires_at BIGINT NOT NULL$key)");
            // INSERT IGNORE cannot name the key: there a copy is refused, and not already the first one.
            $driver !== 'mysql' || $this->assertTrue($store->rememberIfNew('a', 60));
            for ($copies = 0; $copies < 3; $copies++) {
                $this->now++;
                thrown($driver === 'mysql' ? Exception::class : \PDOException::class, fn () => $store->rememberIfNew('a', 60));
            }
        }
    }

    /** @dataProvider drivers */
    #[DataProvider('drivers')]
    public function testExpiredRowsAreRemoved(string $driver): void
    {
        $store = $this->store($pdo = new \PDO(self::dsn($driver)), cleaning: 1);
        $store->rememberIfNew('forever', \PHP_INT_MAX);
        $store->rememberIfNew('a', 1);
        $store->rememberIfNew('b', 1);
        $this->now++;
        $store->rememberIfNew('c', 1);
        $this->assertSame(2, self::rows($pdo));
    }

    /** @dataProvider drivers */
    #[DataProvider('drivers')]
    public function testOfAThousandCopiesAtOnceOneIsAdmitted(string $driver): void
    {
        $dsn = self::dsn($driver);
        (new PdoReplayStore(new \PDO($dsn)))->createTable();
        $this->assertSame('1000 1', php([__DIR__ . '/replay_worker.php', $dsn, '8', '125']));
    }

    /** Whatever the connection is set to. */
    public function testAffectedRowsOfMariaDb(): void
    {
        $store = $this->store(new \PDO(self::dsn('mysql'), options: [\PDO::MYSQL_ATTR_FOUND_ROWS => true]));
        $this->assertSame([true, false], [$store->rememberIfNew('a', 60), $store->rememberIfNew('a', 60)]);
    }

    /** @dataProvider drivers */
    #[DataProvider('drivers')]
    public function testADatabaseThatFailsAdmitsNothing(string $driver): void
    {
        $pdo = new \PDO(self::dsn($driver));
        $store = $this->store($pdo);
        $pdo->beginTransaction();
        thrown(Exception::class, fn () => $store->rememberIfNew('a', 60));
        $pdo->rollBack();
        $this->assertTrue($store->rememberIfNew('a', 60), 'what is rolled back is forgotten');
        // PDO does not know of it, as where Laravel begins transactions of SQLite.
        $pdo->exec('BEGIN');
        thrown(\Exception::class, fn () => $store->rememberIfNew('b', 60));
        $pdo->exec('ROLLBACK');
        $pdo->exec('DROP TABLE replays');
        thrown(\PDOException::class, fn () => $store->rememberIfNew('b', 60));
        $pdo->setAttribute(\PDO::ATTR_ERRMODE, \PDO::ERRMODE_SILENT);
        $message = thrown(Exception::class, fn () => $store->rememberIfNew('b', 60))->getMessage();
        $this->assertMatchesRegularExpression('/SQLSTATE (HY000|42P01|42S02)/', $message);
    }

    public function testAConnectionThatDoesNotCommitAdmitsNothing(): void
    {
        $pdo = new \PDO(self::dsn('mysql'));
        $store = $this->store($pdo);
        $pdo->setAttribute(\PDO::ATTR_AUTOCOMMIT, 0);
        thrown(Exception::class, fn () => $store->rememberIfNew('a', 60));
    }

    /** As MariaDB does that has undone the statement, for another one to go on. */
    public function testADeadlockIsTriedAgain(): void
    {
        foreach ([1 => true, 4 => true, 5 => false] as $deadlocks => $isTried) {
            $pdo = new class ('sqlite::memory:') extends \PDO {
                public int $deadlocks = 0;

                public function prepare(string $query, array $options = []): \PDOStatement|false
                {
                    $deadlock = new class extends \PDOException {
                        protected $code = '40001';
                    };
                    return $this->deadlocks-- > 0 ? throw $deadlock : parent::prepare($query, $options);
                }
            };
            $store = $this->store($pdo);
            $pdo->deadlocks = $deadlocks;
            $isTried
                ? $this->assertTrue($store->rememberIfNew('a', 60))
                : thrown(\PDOException::class, fn () => $store->rememberIfNew('a', 60));
        }
    }

    public function testOwnMistakes(): void
    {
        $pdo = new \PDO('sqlite::memory:');
        $other = $this->createMock(\PDO::class);
        $other->method('getAttribute')->willReturn('oci');
        $mistakes = [
            fn () => new PdoReplayStore($other),
            fn () => new PdoReplayStore($pdo, 'replays; DROP'),
            fn () => new PdoReplayStore($pdo, "replays\n"),
            fn () => new PdoReplayStore($pdo, 'a.b.replays'),
            fn () => new PdoReplayStore($pdo, cleaning: 0),
        ];
        foreach ($mistakes as $mistake) {
            thrown(InvalidArgument::class, $mistake);
        }
    }

    private static function cache(): Repository
    {
        return new Repository(new FileStore(new Filesystem(), self::$folder));
    }

    public function testLaravelsCache(): void
    {
        needPsr('Illuminate/Cache');
        foreach ([self::cache(), new Repository(new ArrayStore())] as $cache) {
            $store = new CacheReplayStore($cache);
            $this->assertSame([true, false], [$store->rememberIfNew('a', 60), $store->rememberIfNew('a', 60)]);
            $store->forget('a');
            $this->assertTrue($store->rememberIfNew('a', 60));
        }
        $this->assertSame('1000 1', php([__DIR__ . '/replay_worker.php', self::$folder, '8', '125']));
    }

    public function testACacheThatFailsAdmitsNothing(): void
    {
        needPsr('Illuminate/Cache');
        $message = thrown(InvalidArgument::class, fn () => new CacheReplayStore(new Repository(new NullStore())))->getMessage();
        $this->assertStringContainsString('NullStore cannot add in one step', $message);
        $full = new class (new Filesystem(), self::$folder) extends FileStore {
            public function add($key, $value, $seconds)
            {
                return false;
            }
        };
        thrown(Exception::class, fn () => (new CacheReplayStore(new Repository($full)))->rememberIfNew('new', 60));
    }

    /** As a client does that repeats a command whose answer was lost. */
    public function testALostAnswerOfTheCache(): void
    {
        needPsr('Illuminate/Cache');
        $repeating = new class (new Filesystem(), self::$folder) extends FileStore {
            public function add($key, $value, $seconds)
            {
                parent::add($key, $value, $seconds);
                return parent::add($key, $value, $seconds);
            }
        };
        $store = new CacheReplayStore(new Repository($repeating));
        $this->assertSame([true, false], [$store->rememberIfNew('lost', 60), $store->rememberIfNew('lost', 60)]);
    }
}
