//! The way to AWS from where asagi runs: the proxy and the certificates that a company's network asks for.
#![expect(
    clippy::disallowed_methods,
    reason = "the usual variables are read here, as other clients of AWS read them"
)]

use std::env;
use std::path::Path;
use std::time::Duration;

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_http_client::{Builder, Connector};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::wire::Wire;
use crate::cloud::{CloudError, Result};
use crate::source::limits;
use crate::workspace::{read_bytes, read_file};

/// Where certificates stand that take the place of the machine's own: the AWS CLI's variable.
const BUNDLE: &str = "AWS_CA_BUNDLE";

/// A client as the process's environment asks for it: `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY` in either
/// case, and `AWS_CA_BUNDLE`.
///
/// # Errors
/// When the certificates cannot be read.
pub(super) fn from_environment(patience: Duration) -> Result<SharedHttpClient> {
    let trust = match env::var(BUNDLE) {
        Ok(path) if !path.is_empty() => trust(&path)?,
        _ => TrustStore::default(),
    };
    Ok(client(&trust, &ProxyConfig::from_env(), patience))
}

/// A client that goes to AWS straight and trusts what the machine trusts.
pub(super) fn plain(patience: Duration) -> SharedHttpClient {
    client(&TrustStore::default(), &ProxyConfig::disabled(), patience)
}

fn client(trust: &TrustStore, proxy: &ProxyConfig, patience: Duration) -> SharedHttpClient {
    let through = way(trust.clone(), proxy.clone());
    let straight = way(trust.clone(), ProxyConfig::disabled());
    SharedHttpClient::new(Wire::new(straight, through, patience))
}

fn way(trust: TrustStore, proxy: ProxyConfig) -> SharedHttpClient {
    Builder::new().build_with_connector_fn(move |settings, components| {
        // Building the context cannot fail, and the machine's own certificates are the default.
        let context = TlsContext::builder().with_trust_store(trust.clone()).build().unwrap_or_default();
        let mut connector = Connector::builder().proxy_config(proxy.clone());
        connector.set_connector_settings(settings.cloned());
        connector.set_sleep_impl(components.and_then(|components| components.sleep_impl()));
        connector.tls_provider(Provider::Rustls(CryptoMode::Ring)).tls_context(context).build()
    })
}

/// The certificates of a file. The client would panic on one that it cannot read, so each is read here first.
fn trust(path: &str) -> Result<TrustStore> {
    let wrong =
        |why: String| CloudError::Validation(format!("the certificates of `{BUNDLE}`, {path}: {why}"));
    let text = read_bytes(Path::new(path), limits::SHARED).map_err(|error| wrong(error.to_string()))?;
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&text) {
        let certificate = certificate.map_err(|error| wrong(format!("not PEM: {error}")))?;
        roots.add(certificate).map_err(|error| wrong(format!("not a certificate: {error}")))?;
    }
    if roots.is_empty() {
        return Err(wrong("there is none in it".to_owned()));
    }
    Ok(TrustStore::empty().with_pem_certificate(text))
}

/// The profiles of the shared files, where those can be read: what a person may have meant.
pub(super) fn profiles() -> Vec<String> {
    let home = env::var("HOME").or_else(|_| env::var("USERPROFILE")).unwrap_or_default();
    let file =
        |variable: &str, name: &str| env::var(variable).unwrap_or_else(|_| format!("{home}/.aws/{name}"));
    let files = [
        (file("AWS_CONFIG_FILE", "config"), true),
        (file("AWS_SHARED_CREDENTIALS_FILE", "credentials"), false),
    ];
    let texts = files
        .iter()
        .map(|(path, prefixed)| (read_file(Path::new(path), limits::SHARED).unwrap_or_default(), *prefixed));
    let mut names: Vec<String> = texts.flat_map(|(text, prefixed)| profiles_of(&text, prefixed)).collect();
    names.sort();
    names.dedup();
    names
}

/// The profile that the environment names.
pub(super) fn profile() -> Option<String> {
    env::var("AWS_PROFILE").ok().filter(|name| !name.is_empty())
}

/// Names of the sections that are profiles: `[profile NAME]` and `[default]` in the one file, `[NAME]` in the other.
fn profiles_of(text: &str, prefixed: bool) -> Vec<String> {
    let sections = text.lines().filter_map(|line| line.trim().strip_prefix('[')?.split(']').next());
    let names = sections.map(str::trim).filter_map(|section| match section.strip_prefix("profile") {
        Some(name) if prefixed && name.starts_with([' ', '\t']) => Some(name.trim()),
        _ if !prefixed || section == "default" => Some(section),
        _ => None,
    });
    names.map(|name| name.trim_matches(['"', '\'']).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profiles_are_read_from_both_kinds_of_file() {
        let config = "[default]\nregion = x\n[profile prod]\n[ profile \"two words\" ]\n[sso-session s]\n[services a]\n";
        assert_eq!(profiles_of(config, true), ["default", "prod", "two words"]);
        assert_eq!(profiles_of("[default]\n[stg] # old\n", false), ["default", "stg"]);
    }

    #[test]
    fn certificates_that_cannot_be_read_are_told_and_never_panic() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ca.pem");
        let path = path.to_str().unwrap();
        assert!(trust(path).unwrap_err().to_string().contains("AWS_CA_BUNDLE"));
        for text in [
            "",
            "no certificate",
            "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n",
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        ] {
            std::fs::write(path, text).unwrap();
            assert!(trust(path).is_err(), "{text:?}");
        }
    }
}
