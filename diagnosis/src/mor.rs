//! Kolmisoft MOR API: what was done wrong when a request was hashed.
use crate::Mistake;
use crate::engine::{Diagnosis, other_secret};
use crate::readings::{Form, Readings};
use crate::spellings::url_encoding::URL_ENCODINGS;
use apisig_core::Error;
use apisig_core::crypto::constant_time::equal;
use apisig_core::crypto::hash::{Md5, Sha1, Sha256};
use apisig_core::mor::SECRET_MAX;
use apisig_core::mor::methods::Method;
use apisig_core::mor::request::Request;
use apisig_core::text::encoding::from_hex;
use apisig_core::text::form::Field;
use candidate::{Candidate, Fields, List, Spelling, has_value, sent};

mod candidate;
mod explanation;

pub use explanation::explain;

/// Values up to so many are tried in every order: 40,320 of them.
const ORDERED_MAX: usize = 8;

/// So many bytes are read and hashed at most: values that are very long are not tried in every order.
const BYTES_MAX: usize = 32 << 20;

/// How often the right text is hashed before anything is searched: SHA-1, MD5, SHA-256, and two HMACs with
/// each.
const ALGORITHMS: usize = 9;

/// So many parameters that the method does not hash are looked at.
const OTHERS_MAX: usize = 64;

const SEPARATORS: [&str; 10] = [",", " ", "&", "\n", "|", ";", ":", "-", ", ", "\r\n"];

/// Whether a handle takes such a secret.
fn check_secret(secret: &[u8]) -> Result<(), Error> {
    match secret.len() {
        0 => Err(Error::ArgumentSecret),
        1..=SECRET_MAX => Ok(()),
        _ => Err(Error::ArgumentSecretLength),
    }
}

/// Diagnoses a hash. Without a method what should have been hashed is the form as it stands. What the
/// form holds as `hash` does not count.
///
/// An empty secret, or one that is too long, is an error; a method that is not in the
/// registry [`Error::Method`]; a form that servers read in different ways [`Error::Malformed`].
pub fn diagnose(secret: &[u8], method: &[u8], form: &[u8], hash: &[u8]) -> Diagnosis {
    check_secret(secret)?;
    let method = (!method.is_empty()).then(|| Method::find(method)).transpose()?;
    let request = Request::read(method, form).map_err(|_| Error::Malformed)?;
    let fields = method.map_or(Fields::Form(form), |_| Fields::Request(&request));
    let right = Candidate::right(fields, secret);
    if let Some(found) = Readings::new(hash, Form::Hex).of(&right.hash::<Sha1>()) {
        return Ok(found.err());
    }
    if let Some(mistake) = other_algorithm(&right, hash) {
        return Ok(Some(mistake));
    }
    let hash = from_hex(hash).ok_or(Error::Mismatch)?;
    let bytes_left = BYTES_MAX.saturating_sub(ALGORITHMS * right.cost());
    let mistake = Search { right, form, hash, bytes_left }.mistake();
    mistake.map(Some).ok_or(Error::Mismatch)
}

/// Whether this digest was presented, in hex of either case.
fn is<const N: usize>(presented: &[u8], digest: [u8; N]) -> bool {
    from_hex(presented).is_some_and(|presented| equal(&presented, &digest).into())
}

fn other_algorithm(right: &Candidate, hash: &[u8]) -> Option<Mistake> {
    if is(hash, right.hash::<Md5>()) {
        return Some(Mistake::DigestMd5);
    }
    if is(hash, right.hash::<Sha256>()) {
        return Some(Mistake::DigestSha256);
    }
    let is_hmac = |text: Candidate| {
        is(hash, text.hmac::<Sha1>(right.secret))
            || is(hash, text.hmac::<Sha256>(right.secret))
            || is(hash, text.hmac::<Md5>(right.secret))
    };
    let is_any = is_hmac(Candidate { secret: b"", ..*right }) || is_hmac(*right);
    is_any.then_some(Mistake::Hmac)
}

/// What is looked for: the text that makes a hash.
struct Search<'a> {
    right: Candidate<'a>,
    form: &'a [u8],
    hash: [u8; 20],
    bytes_left: usize,
}

impl<'a> Search<'a> {
    /// What is cheap and common comes first.
    fn mistake(&mut self) -> Option<Mistake> {
        let right = self.right;
        other_secret(right.secret, |secret| self.is(&Candidate { secret, ..right }))
            .or_else(|| self.placement_or_spelling())
            .or_else(|| self.other_reading())
            .or_else(|| self.is_separated().then_some(Mistake::ValueSeparator))
            .or_else(|| self.is_named().then_some(Mistake::ValueNames))
            .or_else(|| self.other_values())
    }

    #[inline(never)]
    fn is(&mut self, candidate: &Candidate) -> bool {
        let Some(left) = self.bytes_left.checked_sub(candidate.cost()) else {
            self.bytes_left = 0;
            return false;
        };
        self.bytes_left = left;
        equal(&candidate.hash::<Sha1>(), &self.hash).into()
    }

    fn is_of(&mut self, fields: &[Field]) -> bool {
        self.is(&Candidate { fields: Fields::Listed(fields), ..self.right })
    }

    #[inline(never)]
    fn is_list(&mut self, list: Option<List>) -> bool {
        list.is_some_and(|list| self.is_of(list.fields()))
    }

    fn placement_or_spelling(&mut self) -> Option<Mistake> {
        let right = self.right;
        let spelt = |spelling, mistake| (Candidate { spelling, ..right }, mistake);
        let encoded = |encoding| spelt(Spelling::Encoded(encoding), Mistake::ValueEncoded);
        [
            (Candidate { secret: b"", ..right }, Mistake::SecretMissing),
            (Candidate { in_front: right.secret, secret: b"", ..right }, Mistake::SecretFirst),
            spelt(Spelling::PlusInFront, Mistake::PlusLost),
            spelt(Spelling::DecodedTwice, Mistake::EncodedTwice),
        ]
        .into_iter()
        .chain(URL_ENCODINGS.iter().map(encoded))
        .chain([
            // Only now: a space that is encoded may be a + too.
            spelt(Spelling::PlusForSpace, Mistake::PlusLost),
            spelt(Spelling::AsSent, Mistake::ValueEncoded),
        ])
        .find_map(|(candidate, mistake)| self.is(&candidate).then_some(mistake))
    }

    /// The values as another generation of servers hashes them, or as they were sent.
    fn other_reading(&mut self) -> Option<Mistake> {
        let right = self.right;
        let Fields::Request(request) = right.fields else { return None };
        let has_did = request.is_by_order() && self.valued().is_some_and(|valued| valued.has_name("did"));
        if has_did && self.is_list(right.fields.list(|field| !field.name.is("did"))) {
            return Some(Mistake::DidMissing);
        }
        let untyped = Candidate { fields: right.fields.untyped(), ..right };
        self.is(&untyped).then_some(Mistake::ValueType)
    }

    /// With something between the values, before the secret, or both. Empty values are joined or passed over.
    fn is_separated(&mut self) -> bool {
        let right = self.right;
        let valued = self.valued();
        let all = right.fields.untyped();
        let listed = valued.as_ref().map_or(all, |list| Fields::Listed(list.fields()));
        SEPARATORS.iter().any(|separator| {
            [(*separator, ""), (*separator, *separator), ("", *separator)].iter().any(
                |(between, before_secret)| {
                    [all, listed].iter().any(|fields| {
                        self.is(&Candidate { fields: *fields, between, before_secret, ..right })
                    })
                },
            )
        })
    }

    /// With names, of what is hashed or of the whole form, the values encoded or not.
    fn is_named(&mut self) -> bool {
        let (right, form) = (self.right, self.form);
        let spellings =
            || URL_ENCODINGS.iter().map(Spelling::Encoded).chain([Spelling::Plain, Spelling::AsSent]);
        [right.fields.untyped(), Fields::Form(form)].iter().any(|fields| {
            [("=", "&"), ("=", ""), ("", ""), ("", "&")].iter().any(|(behind_name, between)| {
                spellings().any(|spelling| {
                    let behind_name = Some(*behind_name);
                    self.is(&Candidate { fields: *fields, behind_name, between, spelling, ..right })
                })
            })
        })
    }

    /// The right values, without those that add nothing. None if they are too many for a list.
    fn valued(&self) -> Option<List<'a>> {
        self.right.fields.list(has_value)
    }

    /// Fewer values, others too, or the same in another order.
    fn other_values(&mut self) -> Option<Mistake> {
        let valued = self.valued()?;
        if self.is_missing(valued.fields()) {
            return Some(Mistake::ValueMissing);
        }
        if self.is_extra(&valued) {
            return Some(Mistake::ValueExtra);
        }
        self.is_in_another_order(valued).then_some(Mistake::ValueOrder)
    }

    /// Some are left out; of many values one or all.
    fn is_missing(&mut self, valued: &[Field]) -> bool {
        let mut is_without = |is_left_out: &dyn Fn(usize) -> bool| {
            let taken = valued.iter().enumerate().filter(|(at, _)| !is_left_out(*at));
            self.is_list(List::of(taken.map(|(_, field)| *field)))
        };
        if valued.len() <= ORDERED_MAX {
            return (1..1_usize << valued.len()).any(|left_out| is_without(&|at| left_out >> at & 1 == 1));
        }
        is_without(&|_| true) || (0..valued.len()).any(|left_out| is_without(&|at| at == left_out))
    }

    /// One more value, at any place; `u` and `p`; or the whole form, in its order or sorted.
    fn is_extra(&mut self, valued: &List) -> bool {
        let form = self.form;
        let hashed = || valued.fields().iter().copied();
        let others = sent(form).filter(|field| has_value(field) && !valued.has(field));
        if others.clone().next().is_none() {
            return false;
        }
        if self.is(&Candidate { fields: Fields::Form(form), ..self.right })
            || self.is_list(List::of(sent(form)).map(List::sorted_by_name))
        {
            return true;
        }
        let account = || ["u", "p"].iter().filter_map(|name| others.clone().find(|it| it.name.is(name)));
        self.is_list(List::of(account().chain(hashed())))
            || self.is_list(List::of(hashed().chain(account())))
            || others.clone().take(OTHERS_MAX).any(|other| {
                (0..=valued.fields().len()).any(|at| {
                    self.is_list(List::of(hashed().take(at).chain([other]).chain(hashed().skip(at))))
                })
            })
    }

    /// Of many values the likely orders are tried: the form's, the other way round, sorted by name.
    fn is_in_another_order(&mut self, mut valued: List) -> bool {
        if valued.fields().len() <= ORDERED_MAX {
            return any_order(valued.fields_mut(), 0, &mut |fields| self.is_of(fields));
        }
        self.is_list(List::of(sent(self.form).filter(|field| valued.has(field))))
            || self.is_list(List::of(valued.fields().iter().rev().copied()))
            || self.is_list(Some(valued.sorted_by_name()))
    }
}

/// Whether an order of the fields fits in which the first ones, which are fixed, stay where they are.
fn any_order(fields: &mut [Field], fixed: usize, fits: &mut dyn FnMut(&[Field]) -> bool) -> bool {
    let movable = fields.len().saturating_sub(fixed);
    if movable < 2 {
        return fits(fields);
    }
    (0..movable).any(|_| {
        // So each comes to stand first, and in the end all as they did before.
        if let Some([first, others @ ..]) = fields.get_mut(fixed..) {
            others.iter_mut().for_each(|other| core::mem::swap(first, other));
        }
        any_order(fields, fixed + 1, fits)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;
    use apisig_core::mor::{Keys, request};
    use apisig_core::text::form::Encoded;
    use apisig_core::text::len;
    use base64::Engine;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
    use hmac::digest::Digest;
    use hmac::{KeyInit, Mac};
    use std::collections::HashSet;

    const SECRET: &str = "66b50586fF";

    /// From the oracle.
    fn sha1(text: impl AsRef<[u8]>) -> String {
        hex::encode(sha1::Sha1::digest(text))
    }

    fn diagnosed(method: &str, form: &str, hash: &str) -> Diagnosis {
        diagnose(SECRET.as_bytes(), method.as_bytes(), form.as_bytes(), hash.as_bytes())
    }

    /// What is found where a text was hashed in which S stands for the secret.
    fn hashed(method: &str, form: &str, text: &str) -> Diagnosis {
        diagnosed(method, form, &sha1(text.replace('S', SECRET)))
    }

    const FORM: &str = "u=admin&p=pw&currency=EUR&username=%2b1+b&test=9";

    #[test]
    fn every_mistake_with_values_is_named() {
        for (method, form, text, mistake) in [
            ("balance", FORM, "+1 bEUR", Mistake::SecretMissing),
            ("balance", FORM, "S+1 bEUR", Mistake::SecretFirst),
            ("balance", FORM, "EUR+1 bS", Mistake::ValueOrder),
            ("balance", FORM, "username=+1 bcurrency=EURS", Mistake::ValueNames),
            ("balance", FORM, "username=+1 b&currency=EURS", Mistake::ValueNames),
            ("balance", FORM, "username+1 bcurrencyEURS", Mistake::ValueNames),
            ("balance", FORM, "username+1 b&currencyEURS", Mistake::ValueNames),
            ("balance", FORM, "u=admin&p=pw&currency=EUR&username=%2B1+b&test=9S", Mistake::ValueNames),
            ("balance", FORM, "u=admin&p=pw&currency=EUR&username=%2b1+b&test=9S", Mistake::ValueNames),
            ("balance", "u=a&username=%41%2b", "u=a&username=%41%2bS", Mistake::ValueNames),
            ("balance", FORM, "uadminppwcurrencyEURusername+1 btest9S", Mistake::ValueNames),
            ("balance", FORM, "9+1 bEURS", Mistake::ValueExtra),
            ("balance", FORM, "+1 b9EURS", Mistake::ValueExtra),
            ("balance", FORM, "+1 bEUR9S", Mistake::ValueExtra),
            ("balance", FORM, "admin+1 bEURS", Mistake::ValueExtra),
            ("balance", FORM, "adminpw+1 bEURS", Mistake::ValueExtra),
            ("balance", FORM, "+1 bEURadminpwS", Mistake::ValueExtra),
            ("balance", FORM, "adminpwEUR+1 b9S", Mistake::ValueExtra),
            ("balance", FORM, "EURpw9admin+1 bS", Mistake::ValueExtra),
            ("balance", FORM, "EURS", Mistake::ValueMissing),
            ("balance", FORM, "+1 bS", Mistake::ValueMissing),
            ("balance", FORM, "S", Mistake::ValueMissing),
            ("balance", FORM, "%2B1+bEURS", Mistake::ValueEncoded),
            ("balance", FORM, "%2B1%20bEURS", Mistake::ValueEncoded),
            ("balance", FORM, "%2b1+bEURS", Mistake::ValueEncoded),
            ("balance", FORM, "+1 b,EURS", Mistake::ValueSeparator),
            ("balance", FORM, "+1 b,EUR,S", Mistake::ValueSeparator),
            ("balance", FORM, "+1 b EURS", Mistake::ValueSeparator),
            ("balance", FORM, "+1 b&EURS", Mistake::ValueSeparator),
            ("balance", FORM, "+1 b\nEURS", Mistake::ValueSeparator),
            ("balance", FORM, "+1 b|EUR|S", Mistake::ValueSeparator),
            ("balance", FORM, "+1 bEUR\nS", Mistake::ValueSeparator),
            ("balance", "username=+370&currency=EUR", "+370EURS", Mistake::PlusLost),
            ("balance", "username=b+x@y.com", "b+x@y.comS", Mistake::PlusLost),
            ("balance", "username=b+x", "b+xS", Mistake::ValueEncoded),
            ("balance", "username=%252B1%2520b&currency=EUR", "+1 bEURS", Mistake::EncodedTwice),
            ("balance", "username=%2a%41", "%2a%41S", Mistake::ValueEncoded),
            ("", "b=1&a=2&c=", "21S", Mistake::ValueOrder),
            ("", "b=1&c=&a=2&hash=x", "1,2,S", Mistake::ValueSeparator),
            ("", "b=1&c=&a=2&hash=x", "1,,2S", Mistake::ValueSeparator),
            ("", "b=1&c=&a=2&hash=x", "b=1&c=&a=2S", Mistake::ValueNames),
            ("", "b=1&c=&a=2&hash=x", "2S", Mistake::ValueMissing),
        ] {
            assert_eq!(hashed(method, form, text), Ok(Some(mistake)), "{text} of {form}");
        }
        assert_eq!(hashed("balance", FORM, "+1 bEURS"), Ok(None));
        assert_eq!(hashed("", "b=1&c=&a=2&hash=x", "12S"), Ok(None));
    }

    #[test]
    fn other_readings_of_the_right_values_are_named() {
        let did = "u=a&did=370600&provider_id=1&device_id=2";
        for (method, form, text, found) in [
            ("did_create", did, "12370600S", Ok(None)),
            ("did_create", "provider_id=1&device_id=2&did=370600", "12370600S", Ok(None)),
            ("did_create", did, "12S", Ok(Some(Mistake::DidMissing))),
            ("did_create", did, "1370600S", Ok(Some(Mistake::ValueMissing))),
            ("did_device_unassign", "did=370600", "S", Ok(Some(Mistake::DidMissing))),
            ("user_balance_update", "user_id=007&balance=1", "71S", Ok(None)),
            ("user_balance_update", "user_id=007&balance=1", "0071S", Ok(Some(Mistake::ValueType))),
            ("user_balance_update", "user_id=7&balance=ten", "7S", Ok(None)),
            ("user_balance_update", "user_id=7&balance=ten", "7tenS", Ok(Some(Mistake::ValueType))),
            ("device_update", "device=x&host=h&location_id=1", "xhS", Ok(None)),
            ("device_update", "device=x&host=h&location_id=1", "xh1S", Ok(Some(Mistake::ValueExtra))),
            ("quickstats_get", "u=admin", "S", Ok(None)),
            ("quickstats_get", "u=admin", "adminS", Ok(Some(Mistake::ValueType))),
            ("quickstats_get", "u=bob", "bobS", Ok(None)),
            ("quickstats_get", "u=bob", "S", Ok(Some(Mistake::ValueMissing))),
        ] {
            assert_eq!(hashed(method, form, text), found, "{method} {form} {text}");
        }
    }

    #[test]
    fn every_other_secret_is_named() {
        for (ours, theirs, mistake) in [
            (SECRET, &b"\x66\xb5\x05\x86\xff"[..], Mistake::SecretHex),
            ("c2VjcmV0", b"secret", Mistake::SecretBase64),
            (SECRET, b"66b50586fF\n", Mistake::SecretNewline),
            ("66b50586fF\n", b"66b50586fF", Mistake::SecretNewline),
            (SECRET, b" 66b50586fF", Mistake::SecretSpace),
            (SECRET, b"\xef\xbb\xbf66b50586fF", Mistake::SecretBom),
            (SECRET, b"66B50586FF", Mistake::SecretCase),
        ] {
            let hash = sha1([b"bobEUR", theirs].concat());
            let form = b"currency=EUR&username=bob";
            let found = diagnose(ours.as_bytes(), b"balance", form, hash.as_bytes());
            assert_eq!(found, Ok(Some(mistake)), "{theirs:?}");
        }
    }

    #[test]
    fn every_other_algorithm_is_named() {
        let right = format!("+1 bEUR{SECRET}");
        for hash in [hex::encode(md5::Md5::digest(&right)), hex::encode_upper(md5::Md5::digest(&right))] {
            assert_eq!(diagnosed("balance", FORM, &hash), Ok(Some(Mistake::DigestMd5)));
        }
        let hash = hex::encode(sha2::Sha256::digest(&right));
        assert_eq!(diagnosed("balance", FORM, &hash), Ok(Some(Mistake::DigestSha256)));
        for text in ["+1 bEUR", &right] {
            fn hmac<M: Mac + KeyInit>(text: &str) -> String {
                let mac = <M as KeyInit>::new_from_slice(SECRET.as_bytes()).unwrap();
                hex::encode(mac.chain_update(text).finalize().into_bytes())
            }
            for hash in [
                hmac::<hmac::Hmac<sha1::Sha1>>(text),
                hmac::<hmac::Hmac<sha2::Sha256>>(text),
                hmac::<hmac::Hmac<md5::Md5>>(text),
            ] {
                assert_eq!(diagnosed("balance", FORM, &hash), Ok(Some(Mistake::Hmac)));
            }
        }
    }

    #[test]
    fn every_form_of_the_right_hash_is_named() {
        let digest = sha1::Sha1::digest(format!("+1 bEUR{SECRET}"));
        let hash = hex::encode(digest);
        for (hash, mistake) in [
            (hash.to_uppercase(), Mistake::UpperCase),
            (STANDARD.encode(digest), Mistake::Base64),
            (URL_SAFE_NO_PAD.encode(digest), Mistake::Base64Url),
            (STANDARD.encode(&hash), Mistake::Base64OfHex),
            (format!("{hash}\n"), Mistake::SignatureNewline),
            (hash.replace('a', "%61"), Mistake::EncodedTwice),
        ] {
            assert_eq!(diagnosed("balance", FORM, &hash), Ok(Some(mistake)), "{hash}");
        }
        // A mistake's hash may be of either case, and in no other form.
        let hash = sha1(format!("EUR+1 b{SECRET}"));
        assert_eq!(diagnosed("balance", FORM, &hash.to_uppercase()), Ok(Some(Mistake::ValueOrder)));
        assert_eq!(diagnosed("balance", FORM, &format!("{hash}\n")), Err(Error::Mismatch));
    }

    #[test]
    fn what_is_refused_is_no_mistake() {
        let long = [b's'; apisig_core::mor::SECRET_MAX + 1];
        let hash = sha1([&long[1..]].concat());
        assert_eq!(diagnose(&long[1..], b"logout", b"", hash.as_bytes()), Ok(None));
        assert_eq!(diagnose(&long, b"logout", b"", hash.as_bytes()), Err(Error::ArgumentSecretLength));
        assert_eq!(diagnose(b"", b"logout", b"", hash.as_bytes()), Err(Error::ArgumentSecret));
        for (method, form, error) in [
            ("unknown", "", Error::Method),
            ("balance", "username=a&username=a", Error::Malformed),
            ("balance", "username[]=a", Error::Malformed),
            ("", "username[]=a", Error::Malformed),
            ("", "a=1;b=2", Error::Malformed),
            ("", "hash=1&hash=2", Error::Malformed),
        ] {
            assert_eq!(diagnosed(method, form, &sha1("a")), Err(error), "{form}");
        }
        for hash in ["", "x", "zz", &"0".repeat(1000)] {
            assert_eq!(diagnosed("balance", FORM, hash), Err(Error::Mismatch));
        }
    }

    /// By the vendor's own page a caller may have any of them.
    #[test]
    fn every_order_of_eight_values_is_found_and_the_likely_ones_of_more() {
        let mut random = Random::new();
        let form =
            |values: &[usize]| values.iter().map(|it| format!("n{it}=v{it}")).collect::<Vec<_>>().join("&");
        let text = |values: &[usize]| values.iter().map(|it| format!("v{it}")).collect::<String>() + "S";
        for count in 2..=8 {
            let mut values: Vec<usize> = (0..count).collect();
            for at in 1..count {
                values.swap(at, random.below(at + 1));
            }
            if !values.is_sorted() {
                let sent = form(&(0..count).collect::<Vec<_>>());
                assert_eq!(hashed("", &sent, &text(&values)), Ok(Some(Mistake::ValueOrder)), "{values:?}");
            }
        }
        // v10 comes before v2 by its name.
        let (sent, sorted) = (form(&[3, 1, 10, 4, 5, 6, 7, 8, 9, 2]), text(&[1, 10, 2, 3, 4, 5, 6, 7, 8, 9]));
        assert_eq!(hashed("", &sent, &sorted), Ok(Some(Mistake::ValueOrder)));
        let reversed = text(&[2, 9, 8, 7, 6, 5, 4, 10, 1, 3]);
        assert_eq!(hashed("", &sent, &reversed), Ok(Some(Mistake::ValueOrder)));
        assert_eq!(hashed("", &sent, &text(&[1, 3, 10, 4, 5, 6, 7, 8, 9, 2])), Err(Error::Mismatch));
        // Of nine and more, one or all may be missing.
        assert_eq!(hashed("", &sent, &text(&[3, 1, 10, 4, 6, 7, 8, 9, 2])), Ok(Some(Mistake::ValueMissing)));
        assert_eq!(hashed("", &sent, "S"), Ok(Some(Mistake::ValueMissing)));
        // And in the order of the form.
        let register =
            "last_name=k&email=a&id=b&lcr_id=c&device_type=d&username=e&first_name=f&caller_id=g&state=h&u=x";
        let text = "kabcdefghS";
        assert_eq!(hashed("user_register", register, text), Ok(Some(Mistake::ValueOrder)));
    }

    #[test]
    fn more_fields_than_a_list_holds_are_diagnosed_as_they_stand() {
        let form: String = (0..1000).map(|at| format!("z{at}={at}&")).collect();
        let text: String = (0..1000).map(|at| at.to_string()).collect();
        assert_eq!(hashed("", &form, &format!("{text}S")), Ok(None));
        assert_eq!(hashed("", &form, &format!("S{text}")), Ok(Some(Mistake::SecretFirst)));
        assert_eq!(hashed("logout", &form, &format!("{text}S")), Ok(Some(Mistake::ValueExtra)));
        assert_eq!(hashed("logout", &form, "63S"), Ok(Some(Mistake::ValueExtra)));
        assert_eq!(hashed("", &form, "S"), Err(Error::Mismatch));
    }

    #[test]
    fn what_is_hashed_costs_at_least_as_much() {
        let mut random = Random::new();
        let spellings = || {
            URL_ENCODINGS.iter().map(Spelling::Encoded).chain([
                Spelling::Plain,
                Spelling::AsSent,
                Spelling::DecodedTwice,
                Spelling::PlusInFront,
                Spelling::PlusForSpace,
            ])
        };
        for _ in 0..200 {
            let form = random.several(60, |random| random.one_of(b"aaa=&&+%25%20~"));
            for spelling in spellings() {
                for (behind_name, between) in [(None, ""), (None, ", "), (Some("="), "&"), (None, "\r\n")] {
                    let before_secret = between;
                    let right = Candidate::right(Fields::Form(&form), b"secret");
                    let text = Candidate { spelling, behind_name, between, before_secret, ..right };
                    assert!(len(&text) <= text.cost(), "{}", form.escape_ascii());
                }
            }
        }
    }

    #[test]
    fn each_order_comes_once() {
        for count in 0..=6 {
            let names: Vec<_> = (0..count).map(|at| [b'a' + at as u8]).collect();
            let mut fields: Vec<_> = names
                .iter()
                .map(|name| Field { name: Encoded::new(name), value: Encoded::new(b"") })
                .collect();
            let mut orders = HashSet::new();
            let names = |fields: &[Field]| fields.iter().map(|it| it.name.as_sent()[0]).collect::<Vec<_>>();
            let before = names(&fields);
            let stopped = any_order(&mut fields, 0, &mut |fields| !orders.insert(names(fields)));
            assert!(!stopped);
            assert_eq!(orders.len(), (1..=count).product::<usize>());
            assert_eq!(names(&fields), before);
        }
    }

    /// Right is what is right for a check.
    #[test]
    fn right_is_what_is_right_for_verify() {
        let mut keys = Keys::default();
        keys.add(SECRET.as_bytes()).unwrap();
        let right = sha1(format!("+1 bEUR{SECRET}"));
        for at in 0..right.len() {
            for byte in b"0aAfFgG \n%+=" {
                let mut changed = right.clone().into_bytes();
                changed[at] = *byte;
                let changed = String::from_utf8(changed).unwrap();
                let form = format!("{FORM}&hash={}", changed.replace('%', "%25").replace('+', "%2B"));
                let holds = request::verify(&keys, b"balance", form.as_bytes()).is_ok();
                let found = diagnosed("balance", FORM, &changed);
                assert_eq!(found == Ok(None), holds, "{changed}");
                assert_eq!(holds, changed == right, "{changed}");
            }
        }
    }

    #[test]
    fn nothing_is_blamed_for_ten_thousand_random_hashes() {
        let mut random = Random::new();
        for round in 0..10_000 {
            let digest: Vec<u8> =
                (0..random.one_of(&[16, 20, 20, 20, 32])).map(|_| random.below(256) as u8).collect();
            let hash = match round % 8 {
                0 => STANDARD.encode(digest),
                1 => random.several(60, |random| random.one_of(b"aF09+/=-_% \n")).escape_ascii().to_string(),
                _ => hex::encode(digest),
            };
            let method = random.one_of(&["", "balance", "logout", "users_get", "card_payment_add"]);
            let names = ["u", "p", "username", "currency", "number", "amount", "test"];
            let mut form = String::new();
            for name in names {
                if random.below(7) < 3 {
                    form += &format!("{name}={}&", random.one_of(&["", "1", "a%20b", "+370", "%2541"]));
                }
            }
            assert_eq!(diagnosed(method, &form, &hash), Err(Error::Mismatch), "{form} {hash}");
        }
        let eight = "a=1&b=2&c=3&d=4&e=5&f=6&g=7&h=8";
        assert_eq!(diagnosed("", eight, &sha1("random")), Err(Error::Mismatch));
    }
}
