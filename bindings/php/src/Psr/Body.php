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
     * The whole body, which is rewound for its next reader.
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
     * The same of a body that its sender chose; null if it has more than $max bytes, of which no more are read.
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
            throw new InvalidArgument('The body is a stream that ends before its end.');
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
                'The body is a stream that cannot be read and rewound: once it is read for its signature, nothing is'
                . ' left of it. Make it of a string, or of a stream that is seekable.'
            );
        }
        $stream->rewind();
        return $stream;
    }

    /**
     * The body of a request that is a form, or empty.
     *
     * @throws InvalidArgument
     */
    public static function form(RequestInterface $request): string
    {
        $body = self::read($request);
        $type = \strtolower(\trim(\explode(';', $request->getHeaderLine('Content-Type'), 2)[0]));
        if ($type !== self::FORM && ($type !== '' || $body !== '')) {
            throw new InvalidArgument('The body is no form of Content-Type ' . self::FORM . '.');
        }
        return $body;
    }

    /** The request with a form as its body. */
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
