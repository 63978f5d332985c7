<?php

declare(strict_types=1);

namespace Apisig;

/**
 * A user of the site, for ImbaChat::users(). Fields that are null or empty are left out.
 *
 * Source: the vendor's page "ImbaChat-docs, API", "Getting information about users".
 */
final class ImbaChatUser implements \JsonSerializable
{
    private const TEXT = '/^./su';
    private const ANY_TEXT = '//u';
    private const ID = '/^[^\x00-\x1f\x7f]+$/Du';
    private const URL = '/^[Hh][Tt][Tt][Pp][Ss]?:\/\/[^\x00-\x20\x7f]+$/Du';

    /**
     * Every text is UTF-8.
     *
     * @param int|string $userId 1 or more, or a text of its own, such as "P11-A", without control characters
     * @param string $name not empty
     * @param string|false|null $avatarUrl whole, http or https; false for a user without a picture
     * @param ?string $profileUrl whole, http or https
     * @param int|false|null $lastlogin Unix seconds, 0 or more; false if it is not known
     * @param ?string $badge any text
     * @param array<int|string, ImbaChatUser> $profiles the user's profiles by their ids, texts or numbers without
     *     control characters; a profile has none itself
     * @throws InvalidArgument that names the field that is not as above
     */
    public function __construct(
        public readonly int|string $userId,
        public readonly string $name,
        public readonly string|false|null $avatarUrl = null,
        public readonly ?string $profileUrl = null,
        public readonly int|false|null $lastlogin = null,
        public readonly ?string $badge = null,
        public readonly array $profiles = []
    ) {
        $is = static fn (string $pattern, string $text): bool => \preg_match($pattern, $text) === 1;
        $has = static fn (int|string $id, mixed $profile): bool => $is(self::ID, (string) $id)
            && $profile instanceof self && $profile->profiles === [];
        $problem = match (true) {
            \is_int($userId) ? $userId < 1 : !$is(self::ID, $userId) =>
                'user_id is neither 1 or more nor a text without control characters.',
            !$is(self::TEXT, $name) => 'name is empty or not UTF-8.',
            \is_string($avatarUrl) && !$is(self::URL, $avatarUrl) =>
                'avatar_url is neither an http or https URL nor false.',
            $profileUrl !== null && !$is(self::URL, $profileUrl) => 'profile_url is not an http or https URL.',
            \is_int($lastlogin) && $lastlogin < 0 => 'lastlogin is neither a Unix time of 0 or more nor false.',
            $badge !== null && !$is(self::ANY_TEXT, $badge) => 'badge is not UTF-8.',
            \in_array(false, \array_map($has, \array_keys($profiles), $profiles), true) =>
                'profiles is not a map of ids to users without profiles.',
            default => null,
        };
        if ($problem !== null) {
            throw new InvalidArgument($problem);
        }
    }

    /** @return array<string, mixed> the fields by their names in JSON */
    public function jsonSerialize(): array
    {
        $fields = [
            'user_id' => $this->userId,
            'name' => $this->name,
            'avatar_url' => $this->avatarUrl,
            'profile_url' => $this->profileUrl,
            'lastlogin' => $this->lastlogin,
            'badge' => $this->badge,
            'profiles' => $this->profiles === [] ? null : (object) $this->profiles,
        ];
        return \array_filter($fields, static fn (mixed $value): bool => $value !== null);
    }
}
