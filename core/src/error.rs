//! Why a call gave no result, or why a check does not hold: the one list of reasons, shared by
//! every vendor and language.
use crate::numbered;

numbered! {
    /// A reason; its number is the `apisig_status` of the C face.
    pub enum Error {
        Argument = -1, "An argument is not allowed. Check that no secret is empty, too long or one too many; that the URL starts with / or with https://host, and neither it nor a header holds a control character (percent-encode the path as it is sent, without dot segments); that salt, user id, API key, time and tolerance are in the range that the documentation gives.";
        Malformed = -2, "What was presented is missing, or cannot be read. Pass it on exactly as it was received.";
        Mismatch = -3, "The signature is missing, or not the one that this secret makes. Check the secret, and that every byte is the one that was signed.";
        Expired = -4, "The signature is right, but too old. Check the clocks, or ask for a new one.";
        NotYetValid = -5, "The signature is right, but its time lies in the future. Check the clocks.";
        Body = -6, "The signature is right, but Content-MD5 is not the MD5 of this body. Pass the body's raw bytes, not a parsed and re-encoded copy.";
        Algorithm = -7, "The token's algorithm is not HS256. Tokens of this vendor are always HS256.";
        Random = -8, "The operating system gave no random bytes. Try again later.";
        Memory = -9, "There is no memory left for another handle.";
        Url = -10, "The signature is right, but the URL that came with it is not one that you allow. Check the list of hosts, and send nothing to that URL.";
        Method = -11, "This method is not in the registry. Check its name, or sign its values in their right order yourself.";
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
