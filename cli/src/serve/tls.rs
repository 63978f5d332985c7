//! A certificate for this run alone.
use crate::output::Failure;
use rcgen::{CertificateParams, ExtendedKeyUsagePurpose, KeyPair};
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// Some clients refuse a certificate that is valid for more than 398 days.
const VALID_DAYS: u32 = 365;

/// Makes a certificate for loopback and these names, and writes it into a file for clients to trust. Its key stays in memory.
pub fn acceptor(file: &Path, hosts: &[String]) -> Result<TlsAcceptor, Failure> {
    let names = ["localhost", "127.0.0.1"].map(String::from).into_iter().chain(hosts.iter().cloned());
    let failed =
        |error: &dyn std::fmt::Display| Failure::usage(format!("no certificate can be made: {error}"));
    let (cert, key) = made(names.collect()).map_err(|error| failed(&error))?;
    // One that is there may be what clients of another server trust.
    let written = std::fs::File::create_new(file).and_then(|mut file| file.write_all(cert.pem().as_bytes()));
    written.map_err(|error| Failure::file(file, &error))?;
    let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
    let config =
        ServerConfig::builder().with_no_client_auth().with_single_cert(vec![cert.der().clone()], key);
    Ok(TlsAcceptor::from(Arc::new(config.map_err(|error| failed(&error))?)))
}

/// A certificate, and its key. It is valid since yesterday, for clients whose clock is behind.
fn made(names: Vec<String>) -> Result<(rcgen::Certificate, KeyPair), rcgen::Error> {
    let key = KeyPair::generate()?;
    let mut about = CertificateParams::new(names)?;
    let now = SystemTime::now();
    about.not_before = (now - DAY).into();
    about.not_after = (now + VALID_DAYS * DAY).into();
    about.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    Ok((about.self_signed(&key)?, key))
}
