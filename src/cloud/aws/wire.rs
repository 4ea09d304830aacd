//! What goes over the wire, looked at before anybody believes it: an answer must be whole, and a service that nobody has
//! ever reached is given up within seconds instead of minutes.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use serde::de::IgnoredAny;

use super::bounds::{self, Excess, Unread};

/// A service that has not answered yet has so long for an attempt, and so many attempts: together with the wait between
/// them less than fifteen seconds.
const FIRST_ANSWER: Duration = Duration::from_secs(6);
const FIRST_ATTEMPTS: u32 = 2;
/// A service that has answered and falls silent is asked so often in a row.
const ATTEMPTS: u32 = 3;

/// Clients of two ways, and what is known of each host.
pub(super) struct Wire {
    straight: SharedHttpClient,
    through: SharedHttpClient,
    patience: Duration,
    hosts: Arc<Hosts>,
}

impl Wire {
    /// Hosts of this machine are reached straight, all others `through` what the network asks for. One attempt has so
    /// long at a host that has answered before.
    pub(super) fn new(straight: SharedHttpClient, through: SharedHttpClient, patience: Duration) -> Self {
        Self { straight, through, patience, hosts: Arc::default() }
    }
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wire").finish_non_exhaustive()
    }
}

impl HttpClient for Wire {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(Line {
            straight: self.straight.http_connector(settings, components),
            through: self.through.http_connector(settings, components),
            patience: self.patience,
            hosts: Arc::clone(&self.hosts),
        })
    }
}

/// A connector.
#[derive(Debug)]
struct Line {
    straight: SharedHttpConnector,
    through: SharedHttpConnector,
    patience: Duration,
    hosts: Arc<Hosts>,
}

impl HttpConnector for Line {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let host = host(request.uri());
        let answer = if is_here(&host) { self.straight.call(request) } else { self.through.call(request) };
        let (hosts, patience) = (Arc::clone(&self.hosts), self.patience);
        HttpConnectorFuture::new(async move {
            let whole = async { whole(answer.await?).await };
            let patience = if hosts.has_answered(&host) { patience } else { FIRST_ANSWER.min(patience) };
            let answer = tokio::time::timeout(patience, whole).await;
            let silent = |_| Err(ConnectorError::timeout(format!("no answer of {host}").into()));
            let answer = answer.unwrap_or_else(silent);
            hosts.judge(&host, answer)
        })
    }
}

/// `host:port` of an address.
fn host(address: &str) -> String {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or(rest).to_owned()
}

/// This machine, and the addresses that a machine of AWS asks for its credentials: no proxy leads there.
fn is_here(host: &str) -> bool {
    let name =
        host.rsplit_once(':').filter(|(_, port)| port.parse::<u16>().is_ok()).map_or(host, |(name, _)| name);
    name == "localhost"
        || name.ends_with(".localhost")
        || name == "[::1]"
        || name.starts_with("127.")
        || name.starts_with("169.254.")
}

/// How often each host was asked in vain since it answered last, and whether it ever did.
#[derive(Debug, Default)]
struct Hosts(Mutex<BTreeMap<String, (bool, u32)>>);

impl Hosts {
    fn has_answered(&self, host: &str) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(host).is_some_and(|(answered, _)| *answered)
    }

    /// An error that trying again cannot mend is one that the retries do not know.
    fn judge(
        &self,
        host: &str,
        answer: Result<HttpResponse, ConnectorError>,
    ) -> Result<HttpResponse, ConnectorError> {
        let mut hosts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (answered, in_vain) = hosts.entry(host.to_owned()).or_default();
        let error = match answer {
            Err(error) if Excess::behind(&error).is_none() => error,
            // too much is an answer as well
            answer => {
                (*answered, *in_vain) = (true, 0);
                return answer;
            }
        };
        let silent = error.is_timeout() || !*answered;
        if !silent {
            return Err(error);
        }
        *in_vain += 1;
        if *in_vain < if *answered { ATTEMPTS } else { FIRST_ATTEMPTS } {
            return Err(error);
        }
        *in_vain = 0;
        let reason = reason(&error);
        Err(ConnectorError::other(format!("{host}: {reason}").into(), None))
    }
}

/// The cause at the bottom.
fn reason(error: &ConnectorError) -> String {
    let mut last: &dyn std::error::Error = error;
    while let Some(next) = last.source() {
        last = next;
    }
    last.to_string()
}

/// The answer with its body read to the end, if it is whole: XML that ends in the middle would else be taken for what it
/// says so far.
async fn whole(mut answer: HttpResponse) -> Result<HttpResponse, ConnectorError> {
    let broken = |why: String| ConnectorError::io(format!("the answer is cut short: {why}").into());
    let length = answer.headers().get("content-length").and_then(|length| length.parse::<usize>().ok());
    let taken = std::mem::replace(answer.body_mut(), SdkBody::taken());
    let bytes = bounds::body(taken, length).await.map_err(|error| match error {
        // trying again cannot mend it, so the retries must not know it
        Unread::Excess(excess) => ConnectorError::other(excess.into(), None),
        Unread::Broken(error) => broken(error.to_string()),
    })?;
    let kind = answer.headers().get("content-type").unwrap_or_default();
    let ends = if !answer.status().is_success() {
        true
    } else if length.is_some_and(|length| length > bytes.len()) {
        return Err(broken("it is shorter than it says".to_owned()));
    } else if kind.contains("xml") {
        ends_as_xml(&bytes)
    } else if kind.contains("json") {
        bytes.is_empty() || serde_json::from_slice::<IgnoredAny>(&bytes).is_ok()
    } else {
        true
    };
    if !ends {
        return Err(broken("it ends in the middle".to_owned()));
    }
    *answer.body_mut() = SdkBody::from(bytes);
    Ok(answer)
}

/// The element that the text begins with is closed at its end.
fn ends_as_xml(text: &[u8]) -> bool {
    let text = String::from_utf8_lossy(text);
    let text = text.trim();
    let mut rest = text;
    while let Some(prolog) = rest.strip_prefix("<?").or_else(|| rest.strip_prefix("<!")) {
        let Some((_, after)) = prolog.split_once('>') else { return false };
        rest = after.trim_start();
    }
    let Some(open) = rest.strip_prefix('<') else { return text.is_empty() };
    let name = open.split([' ', '>', '/', '\n', '\t', '\r']).next().unwrap_or_default();
    rest.ends_with(&format!("</{name}>")) || rest.ends_with("/>") && rest.matches('<').count() == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xml_that_ends_in_the_middle_is_no_answer() {
        let answer = "<?xml version=\"1.0\"?>\n<A xmlns=\"x\"><B><C>1</C></B></A>\n";
        assert!(ends_as_xml(answer.as_bytes()));
        assert!(ends_as_xml(b"<A/>") && ends_as_xml(b""));
        let end = answer.trim_end().len();
        for cut in 1..end {
            assert!(!ends_as_xml(&answer.as_bytes()[..cut]), "{:?}", answer.get(..cut));
        }
    }

    #[test]
    fn no_proxy_leads_to_this_machine() {
        for (address, here) in [
            ("http://127.0.0.1:4577/", true),
            ("http://localhost:4577", true),
            ("http://web.alb.localhost:80/x", true),
            ("http://169.254.169.254/latest", true),
            ("https://cloudformation.ap-northeast-1.amazonaws.com/", false),
            ("http://[::1]:80/", true),
        ] {
            assert_eq!(is_here(&host(address)), here, "{address}");
        }
    }

    #[test]
    fn a_host_that_never_answered_is_given_up_soon() {
        let hosts = Hosts::default();
        let refused = || Err(ConnectorError::io("refused".into()));
        assert!(hosts.judge("a", refused()).unwrap_err().is_io(), "tried again");
        assert!(hosts.judge("a", refused()).unwrap_err().is_other(), "given up");
        let answer = HttpResponse::new(200_u16.try_into().unwrap(), SdkBody::empty());
        hosts.judge("b", Ok(answer)).unwrap();
        for _ in 0..7 {
            assert!(
                hosts.judge("b", refused()).unwrap_err().is_io(),
                "a reset of one that answers is tried again"
            );
        }
    }
}
