//! Why a call gave no result, or why a check does not hold: the one list of reasons, shared by
//! every room and language.
use core::ffi::CStr;

/// A reason; its number is the `apisig_status` of the C face.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Error {
    /// The caller's own mistake.
    Argument = -1,
    /// What was presented cannot be read.
    Malformed = -2,
    /// What was presented is not what one of the secrets makes.
    Mismatch = -3,
    /// It was right, but its time is over.
    Expired = -4,
    /// It is right, but its time has not come.
    NotYetValid = -5,
    /// The Content-MD5 that was signed is not the one of the body.
    Body = -6,
    /// The token asks for another algorithm than HS256.
    Algorithm = -7,
    /// The operating system gave no random bytes.
    Random = -8,
    /// There is no memory left.
    Memory = -9,
    /// It is right, but a URL that it does not cover is not one that the caller allows.
    Url = -10,
    /// The method is not in the registry.
    Method = -11,
}

impl Error {
    /// Every reason, in the order of their numbers.
    pub const ALL: [Error; 11] = [
        Error::Argument,
        Error::Malformed,
        Error::Mismatch,
        Error::Expired,
        Error::NotYetValid,
        Error::Body,
        Error::Algorithm,
        Error::Random,
        Error::Memory,
        Error::Url,
        Error::Method,
    ];

    /// One sentence that says what was wrong and what to do. It never holds anything that was
    /// passed in.
    pub const fn text(self) -> &'static CStr {
        match self {
            Error::Argument => {
                c"An argument is not allowed. Check that no secret is empty, too long or one too many; that the URL starts with / or with https://host, and neither it nor a header holds a control character (percent-encode the path as it is sent, without dot segments); that salt, user id, API key, time and tolerance are in the range that the documentation gives."
            }
            Error::Malformed => {
                c"What was presented is missing, or cannot be read. Pass it on exactly as it was received."
            }
            Error::Mismatch => {
                c"The signature is missing, or not the one that this secret makes. Check the secret, and that every byte is the one that was signed."
            }
            Error::Expired => {
                c"The signature is right, but too old. Check the clocks, or ask for a new one."
            }
            Error::NotYetValid => {
                c"The signature is right, but its time lies in the future. Check the clocks."
            }
            Error::Body => {
                c"The signature is right, but Content-MD5 is not the MD5 of this body. Pass the body's raw bytes, not a parsed and re-encoded copy."
            }
            Error::Algorithm => c"The token's algorithm is not HS256. Tokens of this vendor are always HS256.",
            Error::Random => c"The operating system gave no random bytes. Try again later.",
            Error::Memory => c"There is no memory left for another handle.",
            Error::Url => {
                c"The signature is right, but the URL that came with it is not one that you allow. Check the list of hosts, and send nothing to that URL."
            }
            Error::Method => {
                c"This method is not in the registry. Check its name, or sign its values in their right order yourself."
            }
        }
    }
}
