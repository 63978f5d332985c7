//! The mistakes that a wrong signature can show to have been made: the one list, shared by every vendor
//! and language.
use apisig_core::numbered;

numbered! {
    /// A mistake; its number is the `apisig_mistake` of the C face.
    pub enum Mistake {
        SecretHex = 1, "The secret was decoded from hex. It is text: use its characters as they are, without hex2bin() or bytes.fromhex().";
        SecretBase64 = 2, "The secret was decoded from base64. It is text: use its characters as they are, without base64_decode() or b64decode().";
        SecretNewline = 3, "One of the two secrets has a line feed at its end. Trim what is read from a file or a terminal: trim() in PHP, .strip() in Python.";
        SecretSpace = 4, "One of the two secrets has white space around it. Trim what was copied.";
        SecretBom = 5, "One of the two secrets begins with a byte order mark. Save the file as UTF-8 without one.";
        SecretCase = 6, "The secret was put in another case. Use its characters as they are.";
        SecretSwapped = 7, "Secret and message are swapped. hash_hmac() takes the message first and then the secret; most others the secret first.";
        SecretMissing = 8, "The secret did not enter the hash. Append it to the values.";
        SecretFirst = 9, "The secret was hashed before the values. Append it after them.";
        DigestMd5 = 10, "It was signed with MD5. Use the vendor's algorithm.";
        DigestSha1 = 11, "It was signed with SHA-1. Use the vendor's algorithm.";
        DigestSha256 = 12, "It was signed with SHA-256. Use the vendor's algorithm.";
        PlainHash = 13, "It is a plain hash and no HMAC. Use hash_hmac() and not a hash over secret and message.";
        SecretLatin1 = 14, "The secret was turned into Latin-1. Use its bytes in UTF-8: in Python secret.encode(), in PHP without utf8_decode().";
        SecretEncoded = 15, "One of the two secrets is URL-encoded, or was decoded as a form. Use its characters as they are.";
        DigestHex = 16, "A hex digest of the text was signed, not the text. Pass the text itself to hash_hmac(), to hmac.new() in Python, or once to sha1().";
        SecretQuotes = 17, "One of the two secrets stands in quotes, which docker --env-file keeps. Use what is between them.";
        SecretEmpty = 18, "The secret was empty, or a word such as None or undefined. Check the variable that it is read from.";
        SecretPadding = 19, "One of the two secrets lacks the = at its end. Copy all of it: a double click does not select an =.";
        Hex = 20, "It is in hex. Encode the raw bytes in base64: hash_hmac() gives them with true as its last argument, Python by .digest().";
        Base64 = 21, "It is in base64. Leave base64 out and write hex: hash_hmac() and sha1() without true, Python by .hexdigest().";
        Base64OfHex = 22, "It is the base64 of a hex text. For hex leave base64 out; for base64 encode the raw bytes, of hash_hmac() with true as its last argument, or of .digest() in Python.";
        Base64Url = 23, "It is in the base64 of URLs, or without padding. For hex leave base64 out; for base64 use the plain alphabet with + and /, padded with =.";
        UpperCase = 24, "It is in upper case. Write hex in lower case.";
        SignatureNewline = 25, "It has white space around it, such as the line feed that some encoders append. Trim it.";
        EncodedTwice = 26, "It was URL-encoded twice. Hand the raw value to what builds the query, or the encoded one to what does not encode.";
        PlusLost = 27, "A + became a space on its way, or a + was signed for a space. URL-encode each value once, so that a + travels as %2B, and sign the raw value.";
        Latin1 = 28, "What was signed was turned into Latin-1. Sign it in UTF-8: in Python text.encode(), in PHP without utf8_decode().";
        SignaturePrefix = 29, "The signature has a prefix, such as sha1= or id:. Remove it.";
        MethodOther = 30, "Another method was signed than was sent. Sign the one that is sent, in upper case.";
        LineMissing = 31, "A line was left out, or signed empty. Sign all five: method, Content-MD5, Content-Type, Date, path.";
        Md5Missing = 32, "The header Content-MD5 is missing. Send the MD5 of the body in lower-case hex, also that of an empty one.";
        Md5Base64 = 40, "Content-MD5 is in base64. This vendor wants it in lower-case hex: md5($body), or hashlib.md5(body).hexdigest() in Python.";
        Md5UpperCase = 41, "Content-MD5 is in upper case. Write it in lower-case hex.";
        BodyPretty = 42, "The signed body was pretty-printed, or written with other white space, than the one that was sent. Encode it once, sign those bytes and send them; check a webhook by its raw body.";
        BodySlashes = 43, "The signed body escapes its slashes otherwise than the one that was sent. Encode it once, sign those bytes and send them; check a webhook by its raw body.";
        BodyUnicode = 44, "The signed body escapes its letters, or marks such as & < > ', otherwise than the one that was sent. Encode it once, sign those bytes and send them; check a webhook by its raw body.";
        BodyNewline = 45, "One of the two bodies has a line feed at its end, or CRLF as its line ends. Sign the bytes that are sent.";
        BodyEmptyJson = 46, "For an empty body {} or [] was signed. Sign the empty string.";
        BodyOnly = 47, "The body alone was signed, as webhooks and the older version are. Sign method, Content-MD5, Content-Type, Date and path.";
        BodyOther = 48, "Content-MD5 is not the MD5 of this body. Sign the bytes that are sent, after everything that changes them.";
        BodyBom = 49, "One of the two bodies begins with a byte order mark. Sign the bytes that are sent, and save files as UTF-8 without one.";
        PathQuery = 50, "The query, or its question mark, was signed with the path. Sign the path alone, up to the question mark.";
        PathHost = 51, "The host was signed with the path. Sign the path alone.";
        PathPrefix = 52, "The path was signed without its beginning. Sign the whole path, from its first slash on.";
        PathSlash = 53, "One of the two paths has an extra slash: at its start, at its end or within. Sign the path that is sent, and join base URL and path with one slash.";
        MethodCase = 54, "The method was signed in lower case. Sign it in upper case.";
        HeaderOrder = 55, "The lines were signed in another order. It is method, Content-MD5, Content-Type, Date, path.";
        ContentTypeMissing = 56, "Content-Type was left out of the signature, or another one was signed than was sent. Send application/json, and sign the header that is sent.";
        ContentTypeCharset = 57, "Content-Type was signed with a charset, or sent with one that was not signed. Sign the header that is sent.";
        DateGmt = 58, "Date was signed with one name of its zone and sent with another, such as GMT and +0000. Make it once, sign it and send it.";
        DateUnpadded = 59, "The day of Date was signed with one digit and sent with two, or the other way round. Make it once, sign it and send it.";
        DateFormat = 60, "Another Date was signed than was sent, of the same time or a moment beside it. Make it once, sign it and send it.";
        DateStale = 61, "Date is too old. Check the clock, and sign each request when it is sent.";
        DateFuture = 62, "Date lies in the future. Check the clock and its zone.";
        DateSyntax = 63, "Date cannot be read. Write it as Wed, 23 Nov 2022 19:25:21 +0000.";
        LineSeparator = 64, "The lines were signed with something else between them than a line feed, or with one behind the last. Put \"\\n\" between each two: in PHP in double quotes, in single ones it is a backslash and an n.";
        WebhookUnsigned = 65, "This is a webhook of the CRM, a form, and those carry no signature. Only the webhooks of a chat channel do: JSON, with the header X-Signature.";
        DateSpace = 66, "Date was signed with white space around it, which HTTP strips. In Python strftime() writes nothing for %z of a time without a zone: take datetime.now(timezone.utc).";
        PathEncoded = 67, "The path was signed encoded otherwise than it was sent. Percent-encode it once, then sign it and send it as it stands.";
        BodyEmptyList = 68, "An object without members was signed as {} and sent as [], or the other way round. Sign the bytes that are sent: PHP writes [] for {} after json_decode(..., true).";
        BodySorted = 69, "The members of the signed body stand in another order, sorted by name. Encode it once, sign those bytes and send them; check a webhook by its raw body.";
        SecretDevId = 70, "The key was the secret with the widget's dev_id behind it, as in an older version. Use the secret alone.";
        UserIdText = 71, "user_id is a text in the claims. Make it an integer.";
        TokenAlphabet = 72, "The token is, or was when it was signed, in the plain alphabet of base64. Replace + by -, / by _ and = by nothing, and then sign.";
        TokenPadding = 73, "The token's parts are, or were when they were signed, padded with =. Strip the padding, and then sign.";
        TokenExpired = 74, "The token's time is over. Make one for each page.";
        TokenNotYet = 75, "The token's time has not come yet. Check the clocks.";
        TokenAlgorithm = 76, "The token's header names another algorithm, or none. Use HS256.";
        TokenClaims = 77, "The token's claims cannot be used. It needs the integers exp and user_id, the latter 1 or more.";
        TokenParts = 78, "Something else was signed than the token's first two parts as they stand, such as their JSON. Sign those in base64url, with the dot between them.";
        WebhookRequest = 79, "This is a webhook and no request: its body alone is signed. Check it with verify_webhook(), or verifyWebhook() in PHP.";
        SaltNumber = 80, "The salt was signed as another text of the same number. Keep it a text, and sign the characters that are sent.";
        SaltEncoded = 81, "The salt was signed URL-encoded. Sign its raw characters.";
        ApiKeySigned = 82, "The API key was signed. Sign the salt alone.";
        ApiKeyAsSecret = 83, "The key was the API key. Use the secret key.";
        SaltNewline = 84, "One of the two salts has white space, quotes or a byte order mark around it. Sign the characters that are sent: echo appends a line feed.";
        SaltMissing = 85, "The salt is missing, or it is 0, which the vendor's server treats as missing. Send another.";
        SaltCase = 86, "The salt was signed in another case. Sign the characters that are sent.";
        SaltDecoded = 87, "The salt was decoded from hex or base64 before it was signed. Sign the characters that are sent.";
        ValueSpace = 89, "The values were hashed without the white space around them. Trim them before they are sent, or hash them as they are sent.";
        ValueOrder = 90, "The values were hashed in another order. Hash them in the order of the server, which explain shows.";
        ValueNames = 91, "The names of the parameters entered the hash. Hash the values alone.";
        ValueExtra = 92, "A parameter entered the hash that this method does not hash. Leave it out.";
        ValueMissing = 93, "A parameter did not enter the hash that this method hashes. Add it.";
        ValueEncoded = 94, "The values were hashed URL-encoded. Hash their raw characters.";
        ValueSeparator = 95, "Something stands between the values. Join them with nothing between.";
        Hmac = 96, "It is an HMAC. Hash the values with the secret behind them, with SHA-1 alone.";
        ValueType = 97, "A value was hashed as it was sent. The server reads it by its type and hashes something else: 7 for the user_id 007, nothing for the balance ten. Send it as the server hashes it.";
        DidMissing = 98, "The value of did is not in the hash, as on MOR X3 and older. Newer servers hash it: add it.";
        UniqueHash = 99, "This looks like the uniquehash of an account, which goes into id, and is no hash of a request. Hash the values with the API secret key.";
        ApiKeyMissing = 100, "The API key is missing, or was sent under another name. Compare the name, and its letter case.";
        ApiKeySpace = 101, "One of the two API keys has white space, a line feed, quotes or a byte order mark around it. Sign the characters that are sent.";
        ApiKeyCase = 102, "The API key was signed in another case. Sign its characters as they are.";
        ApiKeyEncoded = 103, "One of the two API keys is URL-encoded, or lost a + to a space. Decode the form once, and sign the raw characters.";
        ApiKeyDecoded = 104, "The API key was decoded from hex or base64. It is text: sign its characters as they are.";
        TokenTime = 105, "exp is a duration, or in milliseconds. It is a time in Unix seconds: time() + 3600 in PHP, int(time.time()) + 3600 in Python.";
        ApiKeyOther = 106, "The API key that was sent is another one than the one that was given, and no signature covers it. Compare the two.";
        MethodHashed = 107, "The name of the method entered the hash. Hash the values and the secret alone.";
        ValueNumber = 108, "A number was hashed in another form than it was sent, such as 10.5 for 10.50. Hash the characters that are sent.";
        LineNames = 109, "The names of the headers were signed with their values. Sign the five values alone, a line each.";
        BodyLine = 110, "The body was signed where its MD5 belongs. Sign its MD5 in lower-case hex, as in the header Content-MD5.";
        BodyTwice = 111, "The body was encoded as JSON twice: it is a JSON string that contains JSON. In Python's requests use json= for a value, and data= for JSON text.";
    }
}

impl Mistake {
    /// The text of a number that is not in the list.
    pub const UNKNOWN: &core::ffi::CStr = c"This mistake is not known to this version of the library.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mistake_has_a_number_and_a_text_of_its_own() {
        for pair in Mistake::ALL.windows(2) {
            assert!((pair[0] as i32) < pair[1] as i32);
        }
        let mut texts: Vec<_> = Mistake::ALL.iter().map(|mistake| mistake.text()).collect();
        assert!(texts.iter().all(|text| text.to_bytes().ends_with(b".")));
        texts.sort();
        texts.dedup();
        assert_eq!(texts.len(), Mistake::ALL.len());
    }
}
