<?php

declare(strict_types=1);

namespace Apisig\Psr;

use Apisig\InvalidArgument;
use Psr\Http\Message\MessageInterface;
use Psr\Http\Message\RequestInterface;
use Psr\Http\Message\StreamFactoryInterface;
use Psr\Http\Message\StreamInterface;

/**
 * The bodies of PSR-7 messages: read whole and rewound, and forms with parameters added.
 *
 * @internal
 */
final class Body
{
    private const FORM = 'application/x-www-form-urlencoded';

    private const CHUNK = 65536;

    /**
     * Returns the whole body, and rewinds it for its next reader.
     *
     * @throws InvalidArgument
     */
    public static function read(MessageInterface $message): string
    {
        $stream = self::rewound($message);
        $body = $stream->getContents();
        $stream->rewind();
        return $body;
    }

    /**
     * The same for untrusted input; null if it has more than $max bytes, of which no more are read.
     *
     * @throws InvalidArgument
     */
    public static function readAtMost(int $max, MessageInterface $message): ?string
    {
        $stream = self::rewound($message);
        if ($stream->getSize() > $max) {
            return null;
        }
        $body = '';
        do {
            $chunk = $stream->read(self::CHUNK);
            $body .= $chunk;
        } while ($chunk !== '' && \strlen($body) <= $max);
        if ($chunk === '' && !$stream->eof()) {
            throw new InvalidArgument('The body is a stream that returns nothing before its end.');
        }
        $stream->rewind();
        return \strlen($body) <= $max ? $body : null;
    }

    /** @throws InvalidArgument */
    private static function rewound(MessageInterface $message): StreamInterface
    {
        $stream = $message->getBody();
        if (!$stream->isReadable() || !$stream->isSeekable()) {
            throw new InvalidArgument(
                'The body is a stream that cannot be read and rewound, so that it would be sent empty. Make it of a'
                . ' string, or of a stream that is seekable.'
            );
        }
        $stream->rewind();
        return $stream;
    }

    /**
     * Returns the body of a request that is a form, or empty.
     *
     * @throws InvalidArgument
     */
    public static function form(RequestInterface $request): string
    {
        $body = self::read($request);
        $type = \strtolower(\trim(\explode(';', $request->getHeaderLine('Content-Type'), 2)[0]));
        if ($type !== self::FORM && ($type !== '' || $body !== '')) {
            throw new InvalidArgument('The body is not a form of the Content-Type ' . self::FORM . '.');
        }
        return $body;
    }

    /** Returns the request with a form as its body. */
    public static function withForm(
        RequestInterface $request,
        StreamFactoryInterface $streams,
        #[\SensitiveParameter] string $form
    ): RequestInterface {
        $request = $request->withBody($streams->createStream($form));
        $request = $request->withHeader('Content-Length', (string) \strlen($form));
        return $request->hasHeader('Content-Type') ? $request : $request->withHeader('Content-Type', self::FORM);
    }
}
