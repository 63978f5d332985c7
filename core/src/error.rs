//! Why a call gave no result, or why a check fails: the one list of reasons, shared by
//! every vendor and language.
use crate::numbered;
use core::ffi::CStr;

numbered! {
    /// A reason; its number is the `apisig_status` of the C face.
    pub enum Error {
        Argument = -1, "A pointer is NULL, a length is out of range, or a buffer is too small. Pass a pointer and its length.";
        Malformed = -2, "What was presented is missing, or cannot be read. Pass it on exactly as it was received.";
        Mismatch = -3, "The signature is missing, or not the one that this secret makes. Check the secret, and that every byte is the one that was signed.";
        Expired = -4, "The signature is right, but too old. Check the clocks, or ask for a new one.";
        NotYetValid = -5, "The signature is right, but its time lies in the future. Check the clocks.";
        Body = -6, "The signature is right, but Content-MD5 is not the MD5 of this body. Pass the body's raw bytes, not a parsed and re-encoded copy.";
        Algorithm = -7, "The token's algorithm is not HS256. Tokens of this vendor are always HS256.";
        Random = -8, "The operating system gave no random bytes. Try again later.";
        Memory = -9, "There is no memory left for another handle.";
        Url = -10, "The signature is right, but its URL is not https:// and a host alone, or not of a host that you allow. Send nothing to that URL, and check the list of hosts if you give one.";
        Method = -11, "This method is not in the registry. Check its name, or sign its values in their right order yourself.";
        ArgumentHandle = -100, "There is no handle, or it was freed. Make one from a secret first.";
        ArgumentSecret = -101, "The secret is empty. Pass the secret that the vendor gave you, as text.";
        ArgumentSecretLength = -102, "The secret is longer than 1024 bytes. Pass the API secret key alone.";
        ArgumentSecretCount = -103, "There are more than 4 secrets. Remove the oldest.";
        ArgumentTime = -104, "The time is not within the years 0000 to 9999. Pass Unix seconds.";
        ArgumentTolerance = -105, "The tolerance is negative. Pass seconds, 0 or more.";
        ArgumentLeeway = -106, "The leeway is negative. Pass seconds, 0 or more.";
        ArgumentUserId = -107, "The user id is below 1. Pass the number that the user has on your site.";
        ArgumentLogin = -108, "The login is empty. Pass the API login from the widget's settings.";
        ArgumentPassword = -109, "The password is empty. Pass the API password from the widget's settings.";
        ArgumentDevId = -110, "The widget's id is empty, or has a character other than letters, digits, - and _.";
        ArgumentToken = -111, "The token is empty or not UTF-8. Pass a token that was signed here.";
        ArgumentOrigin = -112, "The origin is not http or https, ://, a host and an optional port. Pass nothing else.";
        ArgumentSalt = -113, "The salt is empty or \"0\", which the vendor's server treats as missing. Make a random one.";
        ArgumentApiKey = -114, "The API key is empty or white space. Pass the key that the vendor gave you.";
        ArgumentBase = -115, "The base is not a URL of http or https without query, fragment and spaces. Pass one such as https://help.example.com.";
        ArgumentRoute = -116, "The route does not start with a slash. Pass one such as /Base/User.";
        ArgumentQuery = -117, "The query has a # or a character that is not visible ASCII. URL-encode its names and values.";
        ArgumentHttpMethod = -118, "The HTTP method is empty, too long, or has a control character. Pass one such as POST.";
        ArgumentUrl = -119, "The URL is not one that clients send as it is. Start it with / or https://host, and percent-encode the path as it is sent, without dot segments.";
        ArgumentHeader = -120, "A header's value has a control character. Remove line ends.";
        ArgumentPath = -121, "The path does not start with a slash, or clients would send another one. Percent-encode it without dot segments.";
        ArgumentHost = -122, "The host is not a name with an optional port. Pass one such as chat.example.com.";
        ArgumentChannelId = -123, "The channel id is empty, or has a character other than letters, digits, - and _.";
        ArgumentAccountId = -124, "The account id is empty, or has a character other than letters, digits, - and _.";
        ArgumentHookApiVersion = -125, "The hook API version is neither v1 nor v2.";
        ArgumentTitle = -126, "The title is not UTF-8.";
        ArgumentName = -127, "The name is not UTF-8.";
        ArgumentForm = -128, "The form cannot be signed: servers read or hash a parameter in another way. Sign it to see which one (in C: apisig_mor_refusal()).";
        ArgumentScopes = -129, "A scope is empty, or has a character other than a-z and _. Separate scopes by one comma.";
        ArgumentHttpsUrl = -130, "The URL is not an absolute https URL in UTF-8 without spaces. Percent-encode it.";
        ArgumentMessage = -131, "The message is not UTF-8.";
        ArgumentHosts = -132, "An entry of the list of hosts cannot be a host. Separate names by one comma, without spaces, ports and schemes.";
        ArgumentSystemUrl = -133, "The system URL is not https:// and a host. Pass the one that a checked registration gave.";
        ArgumentCode = -134, "The code is empty, or has a character other than letters, digits, - and _.";
        ArgumentMethod = -135, "The method is empty, or has a character other than a-z, 0-9 and _. Pass one such as user_balance_get.";
        ArgumentFormName = -136, "The form has a field whose name the request has itself: apikey, salt, signature, e or hash. Remove it, and sign each request once.";
        ArgumentFormFields = -137, "The form has more than 1000 fields with the added ones, or a line that starts with two hyphens. Send fewer fields, and URL-encode line ends.";
    }
}

impl Error {
    /// The text of 0 or more, as a check answers.
    pub const WELL: &CStr = c"All is well.";
    /// The text of a negative number that is not in the list.
    pub const UNKNOWN: &CStr = c"This status is not known to this version of the library.";

    /// Whether it is a mistake of the caller's own, which no input causes.
    pub const fn is_callers(self) -> bool {
        matches!(self, Error::Argument) || self.names_an_argument()
    }

    /// Whether it says which argument is not allowed.
    pub const fn names_an_argument(self) -> bool {
        self as i32 <= Error::ArgumentHandle as i32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_a_number_and_a_text_of_its_own() {
        for pair in Error::ALL.windows(2) {
            assert!((pair[0] as i32) > pair[1] as i32);
        }
        let mut texts: Vec<_> = Error::ALL.iter().map(|reason| reason.text()).collect();
        assert!(texts.iter().all(|text| text.to_bytes().ends_with(b".")));
        texts.sort();
        texts.dedup();
        assert_eq!(texts.len(), Error::ALL.len());
    }
}
