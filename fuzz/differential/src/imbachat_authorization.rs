//! ImbaChat's Authorization header against base64.
use crate::{fields, filled_in, shown};
use apisig_core::Error;
use apisig_core::imbachat::backend::{CREDENTIALS_MAX, check_authorization};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

pub fn check(input: &[u8]) {
    let [login, password, presented] = fields(input);
    let credentials = STANDARD.encode([login, b":", password].concat());
    let header = filled_in(presented, credentials.as_bytes());
    let ours = |login: &[u8], password: &[u8]| check_authorization(login, password, &header);
    let Some((user, secret)) = read(&header) else {
        assert_eq!(ours(b"root", b"abc"), Err(Error::Malformed), "{}", shown(&header));
        return;
    };
    let own = |text: &[u8]| if text.is_empty() { b"x".to_vec() } else { text.to_vec() };
    let (login, password) = (own(&user), own(&secret));
    let right = if login == user && password == secret { Ok(0) } else { Err(Error::Mismatch) };
    assert_eq!(ours(&login, &password), right, "{}", shown(&header));
    assert_eq!(ours(&login.to_ascii_uppercase(), &password), right, "{}", shown(&header));
    for (login, password) in
        [([&login[..], b"x"].concat(), password.clone()), (login, [&password[..], b"x"].concat())]
    {
        assert_eq!(ours(&login, &password), Err(Error::Mismatch), "{}", shown(&header));
    }
}

fn read(header: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let (scheme, rest) =
        header.split_at_checked(6).filter(|(scheme, _)| scheme.eq_ignore_ascii_case(b"Basic "))?;
    assert_eq!(scheme.len(), 6);
    let spaces = rest.iter().take_while(|byte| **byte == b' ').count();
    let text = STANDARD.decode(&rest[spaces..]).ok()?;
    let colon = text.iter().position(|byte| *byte == b':')?;
    let sound = text.len() <= CREDENTIALS_MAX && !text.iter().any(u8::is_ascii_control);
    sound.then(|| (text[..colon].to_vec(), text[colon + 1..].to_vec()))
}
