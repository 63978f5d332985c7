//! Kolmisoft MOR API: the hash of a whole request, of the values that its method hashes, in their
//! order. Sources: the vendor's page "MOR API hash construction", and the registry of methods.
use super::methods::{Method, PARAMETERS_MAX};
use crate::Error;
use crate::mor::Keys;
use crate::primitives::constant_time::equal;
use crate::primitives::encoding::{hex, presented_hex};
use crate::primitives::form::{Encoded, Field, fields, is_read_alike};
use crate::primitives::text::{Sink, Text};

/// The longest form, in bytes.
pub const FORM_MAX: usize = 1 << 20;

/// What a form says to a method. As a [`Text`] it is the values that are hashed, joined.
pub(super) struct Request<'a> {
    pub hashed: [Parameter<'a>; PARAMETERS_MAX],
    hash: Parameter<'a>,
}

#[derive(Clone, Copy)]
pub(super) struct Parameter<'a> {
    /// Empty where the method has no more of them.
    pub name: &'static [u8],
    /// None if it was not in the form.
    pub value: Option<Encoded<'a>>,
}

impl<'a> Request<'a> {
    /// Takes the hashed parameters and the hash out of a form. What servers read in different ways is
    /// [`Error::Malformed`], since one value might be checked and another used: one of them that is
    /// there twice; a name with other characters than letters, digits, `_` and `-`, such as `name[]`,
    /// `name[key]` or ` name`; and a `;`, at which older servers in Ruby cut.
    ///
    /// Without a method no parameter is taken out.
    pub fn read(method: Option<Method>, form: &'a [u8]) -> Result<Request<'a>, Error> {
        if form.len() > FORM_MAX || form.contains(&b';') || !is_read_alike(form) {
            return Err(Error::Malformed);
        }
        let mut request = Request {
            hashed: [Parameter { name: b"", value: None }; PARAMETERS_MAX],
            hash: Parameter { name: b"hash", value: None },
        };
        for (parameter, name) in request.hashed.iter_mut().zip(method.iter().flat_map(|it| it.parameters())) {
            parameter.name = name;
        }
        for field in fields(form) {
            if !is_plain(field.name) {
                return Err(Error::Malformed);
            }
            let mut parameters = request.hashed.iter_mut().chain([&mut request.hash]);
            let named = parameters.find(|parameter| field.name.is_bytes(parameter.name));
            if named.is_some_and(|parameter| parameter.value.replace(field.value).is_some()) {
                return Err(Error::Malformed);
            }
        }
        Ok(request)
    }

    /// The hashed parameters that are in the form, in their order.
    pub fn fields(&self) -> impl Iterator<Item = Field<'a>> {
        let field = |it: &Parameter<'a>| Some(Field { name: Encoded::new(it.name), value: it.value? });
        self.hashed.iter().filter_map(field)
    }
}

impl Text for Request<'_> {
    fn write(&self, sink: &mut impl Sink) {
        for value in self.hashed.iter().filter_map(|parameter| parameter.value) {
            value.write(sink);
        }
    }
}

/// Not empty either.
fn is_plain(name: Encoded<'_>) -> bool {
    let mut bytes = name.bytes().peekable();
    bytes.peek().is_some() && bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

/// Makes the hash of a request of one's own. A form that cannot be read is the caller's mistake.
pub fn sign(keys: &Keys, method: &[u8], form: &[u8]) -> Result<[u8; 40], Error> {
    let request = Request::read(Some(Method::find(method)?), form).map_err(|_| Error::Argument)?;
    Ok(hex(&keys.current()?.hash(&request)))
}

/// Checks the hash that a form holds. Returns the index of the secret that matched.
pub fn verify(keys: &Keys, method: &[u8], form: &[u8]) -> Result<usize, Error> {
    let request = Request::read(Some(Method::find(method)?), form)?;
    let mut hash = [0; 40];
    let hash = request.hash.value.and_then(|value| presented_hex(value.decode_into(&mut hash)?));
    let hash = hash.ok_or(Error::Mismatch)?;
    keys.find(|key| equal(&hex::<20, 40>(&key.hash(&request)), &hash))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: &str = "u=admin&username=a%2Bb+c&currency=EUR";

    fn keys(secrets: &[&str]) -> Keys {
        let mut keys = Keys::default();
        secrets.iter().for_each(|secret| keys.add(secret.as_bytes()).unwrap());
        keys
    }

    fn signed(method: &str, form: &str) -> Result<String, Error> {
        let hash = sign(&keys(&["secret"]), method.as_bytes(), form.as_bytes())?;
        Ok(String::from_utf8(hash.to_vec()).unwrap())
    }

    /// From the oracle: SHA-1 of the values as they are, and the secret.
    fn hash_of(values: &str) -> Result<String, Error> {
        use hmac::digest::Digest;
        Ok(::hex::encode(sha1::Sha1::digest(format!("{values}secret"))))
    }

    fn verified(method: &str, form: &str) -> Result<usize, Error> {
        verify(&keys(&["secret", "old"]), method.as_bytes(), form.as_bytes())
    }

    #[test]
    fn hashed_are_the_decoded_values_in_the_order_of_the_method() {
        assert_eq!(signed("user_balance_get", FORM), hash_of("a+b cEUR"));
        assert_eq!(signed("balance", "currency=EUR&%75sername=%61%2bb%20c"), hash_of("a+b cEUR"));
        assert_eq!(signed("user_balance_get", "username=%zz%&currency=%00%3B"), hash_of("%zz%\0;"));
    }

    #[test]
    fn what_is_missing_or_empty_adds_nothing_and_others_do_not_enter() {
        for form in [
            "",
            "&&",
            "u=admin",
            "username",
            "username=",
            "username=&currency=&hash=x",
            "Username=a",
            "user=a&name=b",
        ] {
            assert_eq!(signed("user_balance_get", form), hash_of(""), "{form}");
        }
        assert_eq!(signed("user_logout", FORM), hash_of(""));
        assert_eq!(signed("users_get", "p=2&u=1&test=1"), hash_of("12"));
    }

    #[test]
    fn a_form_that_servers_read_in_different_ways_is_refused() {
        for form in [
            "username=a&username=a",
            "username&username",
            "username=a&%75sername=a",
            "username[]=a",
            "username[key]=a",
            "username%5B%5D=a",
            "[username]=a",
            "username]=a",
            "other[]=a",
            "+username=a",
            "%20username=a",
            "user.name=a",
            "username%00=a",
            "usern%C3%A4me=a",
            "username=a;currency=EUR",
            "a=;",
            "=a",
            "=",
            "hash=1&hash=1",
            &format!("u={}", "a".repeat(FORM_MAX - 1)),
            &"u=admin&".repeat(1001),
        ] {
            assert_eq!(signed("balance", form), Err(Error::Argument), "{form}");
            let hash = hash_of("a").unwrap();
            assert_eq!(verified("balance", &format!("{form}&hash={hash}")), Err(Error::Malformed), "{form}");
            assert_eq!(verified("balance", &format!("hash={hash}&{form}")), Err(Error::Malformed), "{form}");
        }
        assert_eq!(signed("balance", &format!("u={}", "a".repeat(FORM_MAX - 2))), hash_of(""));
    }

    #[test]
    fn an_unknown_method_is_told_from_everything_else() {
        for method in ["", "user_balance", "USER_BALANCE_GET", "user_balance_get\0"] {
            assert_eq!(signed(method, "username[]="), Err(Error::Method), "{method}");
            assert_eq!(verified(method, "username[]="), Err(Error::Method), "{method}");
        }
    }

    #[test]
    fn the_hash_of_a_form_is_checked_against_every_secret() {
        let hash = hash_of("a+b cEUR").unwrap();
        for hash in [&hash, &hash.to_uppercase(), &hash.replace('a', "%61")] {
            assert_eq!(verified("balance", &format!("{FORM}&hash={hash}")), Ok(0));
            assert_eq!(verified("balance", &format!("hash={hash}&{FORM}&p=x")), Ok(0));
        }
        let old = sign(&keys(&["old"]), b"balance", FORM.as_bytes()).unwrap();
        let old = String::from_utf8_lossy(&old).into_owned();
        assert_eq!(verified("balance", &format!("{FORM}&hash={old}")), Ok(1));
        for wrong in [
            "".into(),
            format!("&hash={hash}0"),
            format!("&hash={}", &hash[1..]),
            "&hash".into(),
            format!("&hash=+{hash}"),
            format!("&Hash={hash}"),
            format!("&hash={}", hash_of("").unwrap()),
        ] {
            assert_eq!(verified("balance", &format!("{FORM}{wrong}")), Err(Error::Mismatch), "{wrong}");
        }
    }

    /// The hash does not cover the names: that the method's own list is hashed keeps values where
    /// they are.
    #[test]
    fn a_value_that_moves_to_a_name_that_is_not_hashed_is_missed() {
        let hash = signed("user_balance_update", "user_id=123&balance=100").unwrap();
        let holds = |form: &str| verified("user_balance_update", &format!("{form}&hash={hash}"));
        assert_eq!(holds("user_id=123&balance=100"), Ok(0));
        assert_eq!(holds("user_id=123&other=100"), Err(Error::Mismatch));
        assert_eq!(holds("user_id=100&balance=123"), Err(Error::Mismatch));
        // And this nothing can tell from the first.
        assert_eq!(holds("user_id=1231&balance=00"), Ok(0));
        assert_eq!(holds("user_id=123100"), Ok(0));
    }
}
