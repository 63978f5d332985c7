//! RetailCRM: which system URLs are accepted. A register request's token does not cover the system
//! URL that is sent beside it: a sender who has seen one request could send it again with another URL.
//! Not on the page.
use crate::Error;
use crate::text::url::after_scheme;
use crate::text::{LowerCase, Sink, Text};

/// The longest host name of the DNS.
const HOST_MAX: usize = 253;
const LABEL_MAX: usize = 63;

/// The longest system URL, as a [`Text`].
pub const SYSTEM_URL_LEN: usize = SCHEME.len() + HOST_MAX;

/// Of a system URL.
pub const SCHEME: &str = "https://";

/// The URL of an account: `https://` and a host. As a [`Text`] it is in lower case and ends with the
/// host.
#[derive(Clone, Copy)]
pub struct SystemUrl<'a> {
    host: &'a [u8],
}

impl<'a> SystemUrl<'a> {
    /// One `/` may follow the host. None if anything else does, such as a port, or stands before it.
    pub fn new(url: &'a [u8]) -> Option<Self> {
        let rest = after_scheme(url, SCHEME)?;
        let host = rest.strip_suffix(b"/").unwrap_or(rest);
        is_host(host).then_some(SystemUrl { host })
    }

    /// Whether the host is one of a list, or below one. A host that is no name of the public DNS is
    /// allowed only where the list has itself.
    pub fn is_allowed(self, hosts: Hosts) -> bool {
        let is_name = is_public_name(self.host);
        let mut listed = hosts.0.split(|byte| *byte == b',');
        if hosts.0.is_empty() {
            return is_name;
        }
        listed.any(|host| host.eq_ignore_ascii_case(self.host) || is_name && is_below(self.host, host))
    }
}

impl Text for SystemUrl<'_> {
    fn write(&self, sink: &mut impl Sink) {
        (SCHEME, LowerCase(self.host)).write(sink);
    }
}

/// The hosts that a caller allows: names with a comma between them. None of them means any.
#[derive(Clone, Copy)]
pub struct Hosts<'a>(&'a [u8]);

impl<'a> Hosts<'a> {
    /// A list with anything in it that cannot be a host is [`Error::ArgumentHosts`]: it would not allow
    /// what its author thinks.
    pub fn new(list: &'a [u8]) -> Result<Self, Error> {
        let sound = list.is_empty() || list.split(|byte| *byte == b',').all(is_host);
        if sound { Ok(Hosts(list)) } else { Err(Error::ArgumentHosts) }
    }
}

/// Whether `host` is a subdomain, by whole labels.
fn is_below(host: &[u8], domain: &[u8]) -> bool {
    let (subdomain, rest) =
        host.split_at_checked(host.len().saturating_sub(domain.len())).unwrap_or_default();
    subdomain.ends_with(b".") && rest.eq_ignore_ascii_case(domain)
}

/// Whether it is a name or an IPv4 address. Letters, digits and hyphens alone: what this lets
/// through no URL parser can take for anything but a host.
fn is_host(host: &[u8]) -> bool {
    host.len() <= HOST_MAX && host.split(|byte| *byte == b'.').all(is_label)
}

fn is_label(label: &[u8]) -> bool {
    (1..=LABEL_MAX).contains(&label.len())
        && label.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
        && !label.starts_with(b"-")
        && !label.ends_with(b"-")
}

/// Whether a host has a dot and is no IPv4 address. The last label of any form of such an address,
/// such as `127.1` or `127.0.0.0x1`, starts with a digit, and that of no name does.
fn is_public_name(host: &[u8]) -> bool {
    let mut labels = host.rsplit(|byte| *byte == b'.');
    let last = labels.next().and_then(|label| label.first());
    last.is_some_and(u8::is_ascii_alphabetic) && labels.next().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::written;

    fn judge(url: &str, hosts: &str) -> Option<String> {
        let url = SystemUrl::new(url.as_bytes())?;
        let hosts = Hosts::new(hosts.as_bytes()).unwrap();
        url.is_allowed(hosts).then(|| String::from_utf8(written(&url)).unwrap())
    }

    const HOSTS: &str = "retailcrm.ru,simla.com";

    #[test]
    fn accounts_are_accepted_and_given_in_lower_case_without_the_slash() {
        for (what, url, hosts, given) in [
            ("a listed host", "https://retailcrm.ru", HOSTS, "https://retailcrm.ru"),
            ("a subdomain", "https://demo.retailcrm.ru", HOSTS, "https://demo.retailcrm.ru"),
            ("below a later entry", "https://demo.simla.com", HOSTS, "https://demo.simla.com"),
            ("a subdomain of a subdomain", "https://a.b-1.simla.com", HOSTS, "https://a.b-1.simla.com"),
            ("a trailing slash", "https://demo.simla.com/", HOSTS, "https://demo.simla.com"),
            ("another case", "HTTPS://Demo.SIMLA.com", HOSTS, "https://demo.simla.com"),
            ("another case in the list", "https://demo.simla.com", "SIMLA.Com", "https://demo.simla.com"),
            ("IDN in punycode", "https://xn--e1afmkfd.simla.com", HOSTS, "https://xn--e1afmkfd.simla.com"),
            ("any name if there is no list", "https://crm.example.org", "", "https://crm.example.org"),
            ("a listed IPv4 address", "https://192.0.2.7", "192.0.2.7", "https://192.0.2.7"),
            ("a listed name without a dot", "https://crm", "simla.com,crm", "https://crm"),
            ("a top-level domain in the list", "https://demo.simla.com", "com", "https://demo.simla.com"),
        ] {
            assert_eq!(judge(url, hosts).as_deref(), Some(given), "{what}");
        }
    }

    #[test]
    fn whatever_is_not_https_and_a_host_is_refused() {
        for (what, url) in [
            ("nothing", ""),
            ("the scheme alone", "https://"),
            ("http", "http://demo.simla.com"),
            ("no scheme", "demo.simla.com"),
            ("no scheme but slashes", "//demo.simla.com"),
            ("another scheme", "ftps://demo.simla.com"),
            ("a scheme that goes on", "https+x://demo.simla.com"),
            ("one slash", "https:/demo.simla.com"),
            ("three slashes", "https:///demo.simla.com"),
            ("backslashes", r"https:\\demo.simla.com"),
            ("a space in front", " https://demo.simla.com"),
            ("a space behind", "https://demo.simla.com "),
            ("a port", "https://demo.simla.com:443"),
            ("an empty port", "https://demo.simla.com:"),
            ("a path", "https://demo.simla.com/x"),
            ("two slashes behind", "https://demo.simla.com//"),
            ("a query", "https://demo.simla.com?x"),
            ("an empty query", "https://demo.simla.com/?"),
            ("a fragment", "https://demo.simla.com#x"),
            ("an empty fragment", "https://demo.simla.com#"),
            ("a user", "https://user@demo.simla.com"),
            ("a user and a password", "https://demo.simla.com:x@example.org"),
            ("an empty user", "https://@demo.simla.com"),
            ("a backslash", r"https://example.org\.simla.com"),
            ("a percent sign", "https://example.org%2f.simla.com"),
            ("a comma", "https://example.org,simla.com"),
            ("a semicolon", "https://example.org;.simla.com"),
            ("an underscore", "https://my_shop.simla.com"),
            ("an asterisk", "https://*.simla.com"),
            ("IDN in Unicode", "https://\u{43f}\u{440}.simla.com"),
            ("a full-width dot", "https://demo\u{ff0e}simla.com"),
            ("a dot behind", "https://demo.simla.com."),
            ("a dot in front", "https://.simla.com"),
            ("two dots", "https://demo..simla.com"),
            ("a label that starts with a hyphen", "https://-demo.simla.com"),
            ("a label that ends with a hyphen", "https://demo-.simla.com"),
            ("IPv6", "https://[::1]"),
            ("a control character", "https://demo\u{1}.simla.com"),
        ] {
            assert_eq!(judge(url, HOSTS), None, "{what}");
            assert_eq!(judge(url, ""), None, "{what}, any host");
        }
    }

    #[test]
    fn whatever_is_not_on_the_list_is_refused() {
        for (what, url, hosts) in [
            ("another host", "https://example.org", HOSTS),
            ("a listed name as a subdomain", "https://simla.com.example.org", HOSTS),
            ("the end of a label", "https://notsimla.com", HOSTS),
            ("the end of a label below", "https://demo.notsimla.com", HOSTS),
            ("a longer end", "https://demo.simla.com.ru", HOSTS),
            ("the parent", "https://com", "simla.com"),
            ("a sibling", "https://other.simla.com", "demo.simla.com"),
            ("an IPv4 address", "https://192.0.2.7", HOSTS),
            ("another IPv4 address", "https://192.0.2.8", "192.0.2.7"),
            ("below an IPv4 address", "https://9.192.0.2.7", "192.0.2.7"),
            ("below the end of an IPv4 address", "https://9.192.0.2.7", "2.7"),
            ("an IPv4 address if there is no list", "https://192.0.2.7", ""),
            ("its short form", "https://127.1", ""),
            ("its form as one number", "https://2130706433", ""),
            ("its hexadecimal form", "https://127.0.0.0x1", ""),
            ("a name without a dot if there is no list", "https://localhost", ""),
            ("a name without a dot", "https://localhost", HOSTS),
        ] {
            assert_eq!(judge(url, hosts), None, "{what}");
        }
    }

    #[test]
    fn names_are_as_long_as_the_dns_allows() {
        let label = "a".repeat(LABEL_MAX);
        let longest = format!("https://{label}.{label}.{label}.{}", &label[..61]);
        assert_eq!(longest.len(), SYSTEM_URL_LEN);
        assert_eq!(judge(&longest, ""), Some(longest.clone()));
        assert_eq!(judge(&format!("{longest}/"), ""), Some(longest.clone()));
        assert_eq!(judge(&format!("{longest}a"), ""), None);
        assert_eq!(judge(&format!("https://{label}.com"), "com"), Some(format!("https://{label}.com")));
        assert_eq!(judge(&format!("https://{label}a.com"), "com"), None);
    }

    #[test]
    fn a_list_that_says_something_else_than_it_seems_is_refused() {
        for (what, list) in [
            ("an empty entry", "simla.com,"),
            ("an empty entry in front", ",simla.com"),
            ("a comma alone", ","),
            ("a space", "retailcrm.ru, simla.com"),
            ("a space alone", " "),
            ("an asterisk", "*.simla.com"),
            ("a dot in front", ".simla.com"),
            ("a URL", "https://simla.com"),
            ("a port", "simla.com:443"),
            ("IDN in Unicode", "\u{43f}\u{440}.com"),
            ("IPv6", "[::1]"),
            ("another separator", "retailcrm.ru;simla.com"),
        ] {
            assert_eq!(Hosts::new(list.as_bytes()).err(), Some(Error::ArgumentHosts), "{what}");
        }
    }
}
