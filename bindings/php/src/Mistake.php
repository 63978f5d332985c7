<?php

declare(strict_types=1);

namespace Apisig;

/**
 * What was done wrong when something was signed: the `apisig_mistake` of include/apisig.h, as a diagnosis names it.
 *
 * A diagnosis is for whoever holds the secret. It never belongs into an answer to the sender.
 */
enum Mistake: int
{
    case SecretHex = 1;
    case SecretBase64 = 2;
    case SecretNewline = 3;
    case SecretSpace = 4;
    case SecretBom = 5;
    case SecretCase = 6;
    case SecretSwapped = 7;
    case SecretMissing = 8;
    case SecretFirst = 9;
    case DigestMd5 = 10;
    case DigestSha1 = 11;
    case DigestSha256 = 12;
    case PlainHash = 13;
    case Hex = 20;
    case Base64 = 21;
    case Base64OfHex = 22;
    case Base64Url = 23;
    case UpperCase = 24;
    case SignatureNewline = 25;
    case EncodedTwice = 26;
    case PlusLost = 27;
    case Md5Base64 = 40;
    case Md5UpperCase = 41;
    case BodyPretty = 42;
    case BodySlashes = 43;
    case BodyUnicode = 44;
    case BodyNewline = 45;
    case BodyEmptyJson = 46;
    case BodyOnly = 47;
    case BodyOther = 48;
    case PathQuery = 50;
    case PathHost = 51;
    case PathPrefix = 52;
    case PathSlash = 53;
    case MethodCase = 54;
    case HeaderOrder = 55;
    case ContentTypeMissing = 56;
    case ContentTypeCharset = 57;
    case DateGmt = 58;
    case DateUnpadded = 59;
    case DateFormat = 60;
    case DateStale = 61;
    case DateFuture = 62;
    case DateSyntax = 63;
    case LineSeparator = 64;
    case WebhookUnsigned = 65;
    case SecretDevId = 70;
    case UserIdText = 71;
    case TokenAlphabet = 72;
    case TokenPadding = 73;
    case TokenExpired = 74;
    case TokenNotYet = 75;
    case TokenAlgorithm = 76;
    case TokenClaims = 77;
    case TokenParts = 78;
    case SaltNumber = 80;
    case SaltEncoded = 81;
    case ApiKeySigned = 82;
    case ApiKeyAsSecret = 83;
    case SaltNewline = 84;
    case SaltMissing = 85;
    case ValueOrder = 90;
    case ValueNames = 91;
    case ValueExtra = 92;
    case ValueMissing = 93;
    case ValueEncoded = 94;
    case ValueSeparator = 95;
    case Hmac = 96;
    case ValueType = 97;
    case DidMissing = 98;
    case ApiKeyMissing = 100;
    case ApiKeySpace = 101;
    case ApiKeyCase = 102;
    case ApiKeyEncoded = 103;
    case ApiKeyDecoded = 104;

    /** What was done wrong, and what to do instead. It never holds anything that was passed in. */
    public function text(): string
    {
        return Native::library('mistake')->apisig_mistake_text($this->value);
    }
}
