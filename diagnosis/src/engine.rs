//! The mistakes that every keyed hash invites: another secret, another digest, a plain hash. For
//! diagnoses, which try them one at a time.
use crate::Mistake;
use crate::readings::Readings;
use apisig_core::Error;
use apisig_core::crypto::hash::{Hash, Hasher, Md5, Sha1, Sha256};
use apisig_core::crypto::keys::Key;
use apisig_core::crypto::mac::Hmac;
use apisig_core::text::encoding::{from_base64_into, from_hex};
use apisig_core::text::{Line, Text};

/// What a diagnosis finds: nothing wrong, or the mistake that makes what was presented.
/// [`Error::Mismatch`] if none is known that does.
pub type Diagnosis = Result<Option<Mistake>, Error>;

/// A message in pieces: so that the one engine takes every message.
pub type Pieces<'a> = &'a [&'a [u8]];

/// The longest secret of which variants are tried.
pub const SECRET_MAX: usize = 1024;

/// The digests that are in use.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Digest {
    Md5,
    Sha1,
    Sha256,
}

impl Digest {
    const ALL: [(Digest, Mistake); 3] = [
        (Digest::Md5, Mistake::DigestMd5),
        (Digest::Sha1, Mistake::DigestSha1),
        (Digest::Sha256, Mistake::DigestSha256),
    ];

    /// How the HMAC of a message was presented, if it was.
    pub fn hmac(self, secret: &[u8], message: Pieces, presented: &Readings) -> Option<Result<(), Mistake>> {
        match self {
            Digest::Md5 => presented.of(hmac::<Md5>(secret, message).as_ref()),
            Digest::Sha1 => presented.of(hmac::<Sha1>(secret, message).as_ref()),
            Digest::Sha256 => presented.of(hmac::<Sha256>(secret, message).as_ref()),
        }
    }

    /// Likewise, its plain hash.
    pub fn plain(self, message: Pieces, presented: &Readings) -> Option<Result<(), Mistake>> {
        match self {
            Digest::Md5 => presented.of(plain::<Md5>(message).as_ref()),
            Digest::Sha1 => presented.of(plain::<Sha1>(message).as_ref()),
            Digest::Sha256 => presented.of(plain::<Sha256>(message).as_ref()),
        }
    }
}

#[inline(never)]
fn hmac<H: Hash>(secret: &[u8], message: Pieces) -> H::Digest {
    let mut key = Hmac::<H>::default();
    // The key of an HMAC may have any length.
    let _ = key.set(secret);
    key.of(message)
}

#[inline(never)]
fn plain<H: Hash>(message: Pieces) -> H::Digest {
    let mut hasher = Hasher::<H>::default();
    message.write(&mut hasher);
    hasher.finish()
}

/// Diagnoses an HMAC of the right message: whether it is right, or what makes it if one thing about
/// secret, digest or form is not.
pub fn diagnose_hmac(digest: Digest, secret: &[u8], message: Pieces, presented: &Readings) -> Diagnosis {
    if let Some(found) = digest.hmac(secret, message, presented) {
        return Ok(found.err());
    }
    // From here on one mistake is made already: the form must be the right one.
    let is = |secret: &[u8]| digest.hmac(secret, message, presented) == Some(Ok(()));
    if let Some(mistake) = other_secret(secret, is) {
        return Ok(Some(mistake));
    }
    for (other, mistake) in Digest::ALL {
        if other != digest && other.hmac(secret, message, presented) == Some(Ok(())) {
            return Ok(Some(mistake));
        }
    }
    if is_plain(digest, secret, message, presented) {
        return Ok(Some(Mistake::PlainHash));
    }
    if is_swapped(digest, secret, message, presented) {
        return Ok(Some(Mistake::SecretSwapped));
    }
    Err(Error::Mismatch)
}

/// The mistake whose secret `fits`, of those that are made with secrets.
pub fn other_secret(secret: &[u8], mut fits: impl FnMut(&[u8]) -> bool) -> Option<Mistake> {
    const BOM: &[u8] = b"\xef\xbb\xbf";
    if secret.len() > SECRET_MAX {
        return None;
    }
    let mut space = [0; SECRET_MAX];
    if decode_hex(secret, &mut space).is_some_and(&mut fits) {
        return Some(Mistake::SecretHex);
    }
    if from_base64_into(secret, &mut space).is_some_and(&mut fits) {
        return Some(Mistake::SecretBase64);
    }
    let mut fits_not_empty = |secret: &[u8]| !secret.is_empty() && fits(secret);
    for (before, after, mistake) in [
        (&b""[..], &b"\n"[..], Mistake::SecretNewline),
        (b"", b"\r\n", Mistake::SecretNewline),
        (b"", b" ", Mistake::SecretSpace),
        (b" ", b"", Mistake::SecretSpace),
        (BOM, b"", Mistake::SecretBom),
    ] {
        let mut line = Line::<{ SECRET_MAX + 3 }>::default();
        [before, secret, after].write(&mut line);
        if fits_not_empty(line.as_bytes()) {
            return Some(mistake);
        }
    }
    let end = secret.len() - secret.iter().rev().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    let mut case = [0; SECRET_MAX];
    let mut in_case = |change: fn(&u8) -> u8| {
        let changed = case.get_mut(..secret.len())?;
        changed.iter_mut().zip(secret).for_each(|(to, from)| *to = change(from));
        fits_not_empty(changed).then_some(Mistake::SecretCase)
    };
    if let Some(mistake) = in_case(u8::to_ascii_lowercase).or_else(|| in_case(u8::to_ascii_uppercase)) {
        return Some(mistake);
    }
    [
        (secret.get(..end), Mistake::SecretNewline),
        (Some(secret.trim_ascii()), Mistake::SecretSpace),
        (secret.strip_prefix(BOM), Mistake::SecretBom),
    ]
    .into_iter()
    .find_map(|(other, mistake)| other.is_some_and(&mut fits_not_empty).then_some(mistake))
}

fn decode_hex<'o>(text: &[u8], out: &'o mut [u8]) -> Option<&'o [u8]> {
    let (pairs, []) = text.as_chunks::<2>() else { return None };
    let out = out.get_mut(..pairs.len()).filter(|out| !out.is_empty())?;
    for (byte, pair) in out.iter_mut().zip(pairs) {
        [*byte] = from_hex(pair)?;
    }
    Some(out)
}

/// A hash over message and secret, in either order, or over the message alone.
fn is_plain(digest: Digest, secret: &[u8], message: Pieces, presented: &Readings) -> bool {
    let mut pieces: [&[u8]; PIECES_MAX + 2] = [b""; PIECES_MAX + 2];
    let Some([first, middle @ .., last]) = pieces.get_mut(..message.len() + 2) else { return false };
    middle.iter_mut().zip(message).for_each(|(to, from)| *to = from);
    (*first, *last) = (secret, b"");
    if digest.plain(&pieces, presented) == Some(Ok(())) {
        return true;
    }
    let [first, .., last] = &mut pieces;
    (*first, *last) = (b"", secret);
    [&pieces[..], message].into_iter().any(|message| digest.plain(message, presented) == Some(Ok(())))
}

/// The most pieces of a message of which a plain hash is looked for.
const PIECES_MAX: usize = 16;

/// An HMAC of the secret, with the message as its key.
fn is_swapped(digest: Digest, secret: &[u8], message: Pieces, presented: &Readings) -> bool {
    fn key<H: Hash>(message: Pieces, use_key: impl FnOnce(&[u8]) -> bool) -> bool {
        let mut line = Line::<64>::default();
        if message.iter().map(|piece| piece.len()).sum::<usize>() <= 64 {
            message.write(&mut line);
            return use_key(line.as_bytes());
        }
        // A key that is longer than a block is hashed first: the same as for any HMAC.
        use_key(plain::<H>(message).as_ref())
    }
    let is = |key: &[u8]| digest.hmac(key, &[secret], presented) == Some(Ok(()));
    match digest {
        Digest::Md5 => key::<Md5>(message, is),
        Digest::Sha1 => key::<Sha1>(message, is),
        Digest::Sha256 => key::<Sha256>(message, is),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::readings::Form;
    use crate::written;
    use hmac::digest::Digest as _;
    use hmac::{KeyInit, Mac};

    const SECRET: &[u8] = b"66b50586fF";
    const MESSAGE: Pieces = &[b"one ", b"and another"];

    fn oracle(secret: &[u8], message: &[u8]) -> Vec<u8> {
        hmac::Hmac::<sha2::Sha256>::new_from_slice(secret)
            .unwrap()
            .chain_update(message)
            .finalize()
            .into_bytes()
            .to_vec()
    }

    fn diagnose(secret: &[u8], mac: &[u8]) -> Diagnosis {
        let presented = Readings::new(hex::encode(mac).as_bytes(), Form::Hex);
        diagnose_hmac(Digest::Sha256, secret, MESSAGE, &presented)
    }

    #[test]
    fn every_other_secret_is_named() {
        let message = written(MESSAGE);
        assert_eq!(diagnose(SECRET, &oracle(SECRET, &message)), Ok(None));
        for (ours, theirs, mistake) in [
            (SECRET, &b"\x66\xb5\x05\x86\xff"[..], Mistake::SecretHex),
            (b"c2VjcmV0", b"secret", Mistake::SecretBase64),
            (SECRET, b"66b50586fF\n", Mistake::SecretNewline),
            (SECRET, b"66b50586fF\r\n", Mistake::SecretNewline),
            (b"66b50586fF\n", SECRET, Mistake::SecretNewline),
            (b"66b50586fF\r\n", SECRET, Mistake::SecretNewline),
            (SECRET, b" 66b50586fF", Mistake::SecretSpace),
            (SECRET, b"66b50586fF ", Mistake::SecretSpace),
            (b" 66b50586fF\t", SECRET, Mistake::SecretSpace),
            (SECRET, b"\xef\xbb\xbf66b50586fF", Mistake::SecretBom),
            (b"\xef\xbb\xbf66b50586fF", SECRET, Mistake::SecretBom),
            (SECRET, b"66b50586ff", Mistake::SecretCase),
            (SECRET, b"66B50586FF", Mistake::SecretCase),
        ] {
            assert_eq!(diagnose(ours, &oracle(theirs, &message)), Ok(Some(mistake)), "{mistake:?}");
        }
    }

    #[test]
    fn other_digests_plain_hashes_and_swapped_arguments_are_named() {
        let message = written(MESSAGE);
        let sha1 =
            hmac::Hmac::<sha1::Sha1>::new_from_slice(SECRET).unwrap().chain_update(&message).finalize();
        let md5 = hmac::Hmac::<md5::Md5>::new_from_slice(SECRET).unwrap().chain_update(&message).finalize();
        let sha256 = |text: &[u8]| sha2::Sha256::digest(text).to_vec();
        for (mac, mistake) in [
            (sha1.into_bytes().to_vec(), Mistake::DigestSha1),
            (md5.into_bytes().to_vec(), Mistake::DigestMd5),
            (sha256(&message), Mistake::PlainHash),
            (sha256(&[&message, SECRET].concat()), Mistake::PlainHash),
            (sha256(&[SECRET, &message].concat()), Mistake::PlainHash),
            (oracle(&message, SECRET), Mistake::SecretSwapped),
        ] {
            assert_eq!(diagnose(SECRET, &mac), Ok(Some(mistake)), "{mistake:?}");
        }
        let long = [7; 100];
        let presented = Readings::new(hex::encode(oracle(&long, SECRET)).as_bytes(), Form::Hex);
        let diagnosis = diagnose_hmac(Digest::Sha256, SECRET, &[&long], &presented);
        assert_eq!(diagnosis, Ok(Some(Mistake::SecretSwapped)));
    }

    #[test]
    fn nothing_is_blamed_for_a_random_mac() {
        for round in 0..1000_u32 {
            let mac = sha2::Sha256::digest(round.to_le_bytes());
            assert_eq!(diagnose(SECRET, &mac), Err(Error::Mismatch));
            assert_eq!(diagnose(b"", &mac), Err(Error::Mismatch));
        }
    }
}
