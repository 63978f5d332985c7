//! A certificate for this run alone.
use crate::output::Failure;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

/// Makes a certificate for loopback and these names, and writes it into a file for clients to trust. Its key stays in memory.
pub fn acceptor(file: &Path, hosts: &[String]) -> Result<TlsAcceptor, Failure> {
    let names = ["localhost", "127.0.0.1", "::1"].map(String::from).into_iter().chain(hosts.iter().cloned());
    let failed =
        |error: &dyn std::fmt::Display| Failure::usage(format!("no certificate can be made: {error}"));
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(names.collect::<Vec<_>>()).map_err(|error| failed(&error))?;
    // One that is there may be what clients of another server trust.
    let written = std::fs::File::create_new(file).and_then(|mut file| file.write_all(cert.pem().as_bytes()));
    written.map_err(|error| Failure::file(file, &error))?;
    let key = PrivateKeyDer::Pkcs8(signing_key.serialize_der().into());
    let config =
        ServerConfig::builder().with_no_client_auth().with_single_cert(vec![cert.der().clone()], key);
    Ok(TlsAcceptor::from(Arc::new(config.map_err(|error| failed(&error))?)))
}
