//! RetailCRM: which system URLs are accepted. A register request's token does not cover the system
//! URL that is sent beside it: a sender who has seen one request could send it again with another URL.
//! Not on the page.
use crate::Error;
use crate::text::{LowerCase, Sink, Text, after_prefix};

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
        let rest = after_prefix(url, SCHEME)?;
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
