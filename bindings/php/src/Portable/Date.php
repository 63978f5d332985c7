<?php

declare(strict_types=1);

namespace Apisig\Portable;

use Apisig\Abi;
use Apisig\Status;

/**
 * Reads the header Date.
 *
 * @internal
 */
final class Date
{
    private const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

    private const FORM = '/^(?:(?:mon|tue|wed|thu|fri|sat|sun), ++)?([0-9]{1,2}) ++([a-z]{3}) ++([0-9]{4}) ++'
        . '([0-9]{2}):([0-9]{2})(?::([0-9]{2}))? ++(?:gmt|ut|utc|z|([+-])([0-9]{2})([0-9]{2}))\z/';

    /** The calendar repeats itself after 400 years. PHP takes the years 0 to 100 for others. */
    private const CYCLE = [400, 146097 * 86400];

    /** Unix seconds. The name of the day is not compared with the date: vendors' own examples have wrong ones. */
    public static function read(string $date): int
    {
        if (\preg_match(self::FORM, Text::lower($date), $found) !== 1) {
            throw new Refused(Status::Malformed);
        }
        $month = 1 + \array_search($found[2], [-1 => '', ...self::MONTHS], true);
        $sign = ($found[7] ?? '') === '-' ? -1 : 1;
        unset($found[2], $found[7]);
        $numbers = \array_map('intval', $found) + \array_fill(0, 10, 0);
        [1 => $day, 3 => $year, 4 => $hour, 5 => $minute, 6 => $second, 8 => $east, 9 => $eastMinute] = $numbers;
        $year += self::CYCLE[0];
        if (
            !\checkdate((int) $month, $day, $year) || $hour >= 24 || $minute >= 60 || $second > 60 || $east >= 24
            || $eastMinute >= 60
        ) {
            throw new Refused(Status::Malformed);
        }
        // A leap second is the one before it.
        $local = \gmmktime($hour, $minute, \min($second, 59), $month, $day, $year) - self::CYCLE[1];
        $time = $local - $sign * 60 * (60 * $east + $eastMinute);
        return $time >= Abi::TIME_FIRST && $time < Abi::TIME_END ? $time : throw new Refused(Status::Malformed);
    }
}
