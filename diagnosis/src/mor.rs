//! Kolmisoft MOR API: what was done wrong when a request was hashed.
use crate::Mistake;
use crate::attempt::{Attempt, Digest, Part, Place, Scheme, numbers};
use crate::engine::{self, Case, Flow, OWN, Tries, permutation};
use crate::readings::{Form, Readings};
use crate::report::Report;
use crate::twist::{PLUS, Twist, URL_ENCODINGS, without_zeros};
use apisig_core::Error;
use apisig_core::mor::SECRET_MAX;
use apisig_core::mor::methods::Method;
use apisig_core::mor::request::Request;
use apisig_core::text::form::{Encoded, fields};
use core::cell::Cell;
use core::ops::ControlFlow::Continue;
use values::{List, Order, Source, Values};

mod explanation;
mod parameters;
pub(crate) mod values;

pub use explanation::explain;
pub use parameters::{RefusalText, is_confirmed, parameters, refusal};

const SCHEME: Scheme = Scheme {
    digest: Digest::Sha1,
    place: Place { key: Part::Nothing, text: [Part::Message, Part::Secret], inner: None },
    form: Form::Hex,
};

/// Values up to so many are tried in every order: 40,320 of them.
const ORDERED_MAX: usize = 8;

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
/// form has as `hash` does not count.
///
/// An empty secret, or one that is too long, is an error; a method that is not in the
/// registry [`Error::Method`]; a form that servers read in different ways [`Error::Malformed`].
pub fn diagnose(secret: &[u8], method: &[u8], form: &[u8], hash: &[u8]) -> Report {
    let found = diagnose_hash(secret, method, form, hash).unwrap_or_else(Report::from);
    let is_unique = hash.len() == 10 && hash.iter().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9'));
    match found.diagnosis {
        Err(Error::Mismatch) if is_unique => Mistake::UniqueHash.into(),
        _ => found.of_signature(hash, SCHEME),
    }
}

fn diagnose_hash(secret: &[u8], name: &[u8], form: &[u8], hash: &[u8]) -> Result<Report, Error> {
    check_secret(secret)?;
    let method = (!name.is_empty()).then(|| Method::find(name)).transpose()?;
    let request = Request::read(method, form).map_err(|_| Error::Malformed)?;
    let source = method.map_or(Source::Form(form), |_| Source::Request(&request));
    let list = List::new(source, form);
    let did = list.as_ref().and_then(|list| list.position(Encoded::new(b"did")));
    let did = did.filter(|_| request.is_by_order());
    let is_plain = fields(form).all(|field| field.value.as_sent().iter().all(u8::is_ascii_alphanumeric));
    let slots = Slots { name, source, form, list: list.as_ref(), did, is_plain, hashed: Cell::new(source) };
    let found = engine::diagnose(&slots, &right(secret, source), &Readings::new(hash, SCHEME.form))?;
    let choice = found.iter().flatten().any(|mistake| *mistake == CHOICE);
    match list.as_ref().filter(|_| choice) {
        Some(list) => Ok(list.report(found, slots.hashed.get(), method.is_some())),
        None => Ok(Ok(found).into()),
    }
}

/// The right hash.
fn right<'a>(secret: &'a [u8], source: Source<'a>) -> Attempt<'a> {
    Attempt { values: Some(Values::right(source)), ..Attempt::right(SCHEME, secret, [], "") }
}

struct Slots<'a> {
    /// Of the method.
    name: &'a [u8],
    source: Source<'a>,
    form: &'a [u8],
    /// None if the values are too many.
    list: Option<&'a List<'a>>,
    /// Where the value of did is in the list, if newer servers hash it.
    did: Option<usize>,
    /// All values are letters and digits, which are the same however they are spelled.
    is_plain: bool,
    /// Of what fits.
    hashed: Cell<Source<'a>>,
}

/// Stands for what a choice of values differs in, which is told once it is found.
const CHOICE: Mistake = Mistake::ValueOrder;

impl<'a> Case<'a> for Slots<'a> {
    fn fits(&self, attempt: &Attempt<'a>) {
        if let Some(values) = attempt.values {
            self.hashed.set(values.source);
        }
    }

    fn changes(&self, slot: usize, tries: &mut Tries<'_, 'a>) -> Flow {
        let (of, Some(right)) = (tries.of, tries.of.values) else { return Continue(()) };
        let mut hash = |values, mistake| tries.attempt(&Attempt { values: Some(values), ..of }, mistake);
        match slot.wrapping_sub(OWN) {
            0 if self.is_plain => Continue(()),
            0 => each_spelling(&mut |twist, mistake| hash(Values { twist, ..right }, mistake)),
            1 => self.readings(&mut |source, mistake| hash(Values { source, ..right }, mistake)),
            2 => self.joints(right, &mut hash),
            3 => self.choices(&mut |source| hash(Values { source, ..right }, CHOICE)),
            _ => Continue(()),
        }
    }
}

/// What happens to values. A + is told from a space only where no way to encode made it.
#[inline(never)]
fn each_spelling(hash: &mut dyn FnMut(Option<Twist<'static>>, Mistake) -> Flow) -> Flow {
    hash(Some(Twist::PlusInFront), Mistake::PlusLost)?;
    hash(Some(Twist::Url), Mistake::EncodedTwice)?;
    for encoding in &URL_ENCODINGS {
        hash(Some(Twist::Encoded(encoding)), Mistake::ValueEncoded)?;
    }
    hash(Some(PLUS), Mistake::PlusLost)?;
    hash(None, Mistake::ValueEncoded)?;
    hash(Some(Twist::Cut(<[u8]>::trim_ascii)), Mistake::ValueSpace)?;
    hash(Some(Twist::Latin1), Mistake::Latin1)?;
    hash(Some(Twist::Cut(without_zeros)), Mistake::ValueNumber)
}

impl<'a> Slots<'a> {
    /// The values as they were sent, or as another generation of servers hashes them.
    #[inline(never)]
    fn readings(&self, hash: &mut dyn FnMut(Source<'a>, Mistake) -> Flow) -> Flow {
        if let Source::Request(_) = self.source {
            hash(self.source.untyped(), Mistake::ValueType)?;
        }
        if let (Some(list), Some(did)) = (self.list, self.did) {
            let others = numbers((0..list.right).filter(|at| *at != did));
            hash(Source::Listed(list, others), Mistake::DidMissing)?;
        }
        Continue(())
    }

    /// With something between the values, before the secret, or both; with names, of what is hashed or of the
    /// whole form, the values encoded or not. Empty values are joined or passed over. Common ones come first.
    #[inline(never)]
    fn joints(&self, right: Values<'a>, hash: &mut dyn FnMut(Values<'a>, Mistake) -> Flow) -> Flow {
        let untyped = self.source.untyped();
        let filled = self.list.map_or(untyped, |list| Source::Listed(list, numbers(0..list.right)));
        for (start, end) in [(self.name, &b""[..]), (b"", self.name)] {
            if !self.name.is_empty() {
                hash(Values { start, end, ..right }, Mistake::MethodHashed)?;
            }
        }
        for between in SEPARATORS {
            hash(Values { source: filled, between, ..right }, Mistake::ValueSeparator)?;
        }
        let encoded = URL_ENCODINGS.iter().map(|encoding| Some(Twist::Encoded(encoding)));
        let spelt = encoded.chain([None]).filter(|_| !self.is_plain);
        for twist in core::iter::once(right.twist).chain(spelt) {
            for source in [untyped, Source::Form(self.form)] {
                for (behind_name, between) in [("=", "&"), ("=", ""), ("", ""), ("", "&")] {
                    let behind_name = Some(behind_name);
                    hash(Values { source, behind_name, twist, between, ..right }, Mistake::ValueNames)?;
                }
            }
        }
        for source in [filled, untyped] {
            for separator in SEPARATORS {
                for (between, end) in [(separator, separator), ("", separator), (separator, "")] {
                    let end = end.as_bytes();
                    hash(Values { source, between, end, ..right }, Mistake::ValueSeparator)?;
                }
            }
        }
        Continue(())
    }

    /// Fewer values, others too, in any order: those that are likely first.
    #[inline(never)]
    fn choices(&self, hash: &mut dyn FnMut(Source<'a>) -> Flow) -> Flow {
        let Some(list) = self.list else { return Continue(()) };
        let (right, others) = (list.right, list.right..list.len);
        hash(Source::Form(self.form))?;
        let mut listed = |order| hash(Source::Listed(list, order));
        for dropped in 0..right {
            listed(numbers((0..right).filter(|at| *at != dropped)))?;
        }
        let account = || {
            [&b"u"[..], b"p"]
                .into_iter()
                .filter_map(|name| list.position(Encoded::new(name)))
                .filter(|at| *at >= right)
        };
        listed(numbers(account().chain(0..right)))?;
        listed(numbers((0..right).chain(account())))?;
        let likely =
            [list.as_sent, list.sorted, list.all_sorted, numbers((0..right).rev()), Order::default()];
        likely.into_iter().try_for_each(&mut listed)?;
        for other in others.clone() {
            for place in 0..=right {
                listed(numbers((0..place).chain([other]).chain(place..right)))?;
            }
        }
        // Each order of each choice of a few.
        let others = if list.len <= ORDERED_MAX { others.len() } else { 0 };
        let rights = if right <= ORDERED_MAX { 1 << right } else { 0 };
        for taken in
            (0..1_usize << others).flat_map(|other| (0..rights).rev().map(move |it| other << right | it))
        {
            let chosen: Order = numbers((0..list.len).filter(|at| taken >> at & 1 == 1));
            let count = (1..=chosen.as_bytes().len()).product();
            (0..count).try_for_each(|number| listed(permutation(chosen.as_bytes(), number)))?;
        }
        Continue(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;
    use apisig_core::mor::{Keys, request};
    use base64::Engine;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
    use hmac::digest::Digest;
    use hmac::{KeyInit, Mac};

    type Found = Result<Option<Mistake>, Error>;

    /// The first mistake.
    fn diagnose(secret: &[u8], method: &[u8], form: &[u8], hash: &[u8]) -> Found {
        super::diagnose(secret, method, form, hash).mistake()
    }

    const SECRET: &str = "66b50586fF";

    /// From the oracle.
    fn sha1(text: impl AsRef<[u8]>) -> String {
        hex::encode(sha1::Sha1::digest(text))
    }

    fn diagnosed(method: &str, form: &str, hash: &str) -> Found {
        diagnose(SECRET.as_bytes(), method.as_bytes(), form.as_bytes(), hash.as_bytes())
    }

    /// What is found where a text was hashed in which S stands for the secret.
    fn hashed(method: &str, form: &str, text: &str) -> Found {
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
        let with_line_feed = diagnosed("balance", FORM, &format!("{hash}\n"));
        assert_eq!(with_line_feed, Ok(Some(Mistake::SignatureNewline)));
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
        assert_eq!(hashed("logout", &form, "31S"), Ok(Some(Mistake::ValueExtra)));
        assert_eq!(hashed("", &form, "S"), Err(Error::Mismatch));
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
                let is_valid = request::check(&keys, b"balance", form.as_bytes()).is_ok();
                let found = diagnosed("balance", FORM, &changed);
                assert_eq!(found == Ok(None), is_valid, "{changed}");
                assert_eq!(is_valid, changed == right, "{changed}");
            }
        }
    }

    #[test]
    fn nothing_is_blamed_for_random_hashes() {
        let mut random = Random::new();
        for round in 0..20 {
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
