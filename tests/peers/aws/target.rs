//! asagi's own client of a server.

use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use asagi::cloud::Clock;
use asagi::cloud::aws::{Access, AwsCloud, Pace, Place};
use async_trait::async_trait;
use aws_config::BehaviorVersion;
use aws_credential_types::Credentials;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tokio::runtime::{Builder, Runtime};

use super::proxy::{Fate, Proxy};
use crate::drive::{ACCOUNT, REGISTRY};
use crate::support::{Boto, REGION, Server};

/// Nobody waits for a bake here: the clock is ahead of the machine's by all that was slept.
#[derive(Default)]
pub(super) struct Hurried(Mutex<SignedDuration>);

#[async_trait]
impl Clock for Hurried {
    fn now(&self) -> Timestamp {
        Timestamp::now() + *self.0.lock().unwrap()
    }

    fn lot(&self) -> u64 {
        RandomState::new().hash_one(())
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(Duration::from_millis(2)).await;
        *self.0.lock().unwrap() += SignedDuration::try_from(duration).unwrap();
    }
}

/// Quick enough for a test, with as many attempts as asagi makes.
pub(super) fn pace() -> Pace {
    Pace {
        per_second: 500,
        first_wait: Duration::from_millis(20),
        answer_within: Duration::from_secs(5),
        ..Pace::default()
    }
}

/// The client of a server, through a network that keeps no connection: those of one runtime are no use to another.
pub(super) fn direct(server: &Server, key: &str) -> AwsCloud {
    client(Proxy::before(server.port(), |_, _| Fate::Through).port, key)
}

/// An access key.
pub(super) struct Keys {
    pub(super) id: String,
    pub(super) secret: String,
}

/// The client of a network on that port of this machine, with a key whose secret nobody checks.
pub(super) fn client(port: u16, key: &str) -> AwsCloud {
    client_of(port, &Keys { id: key.to_owned(), secret: "test".to_owned() })
}

/// The same with that key.
pub(super) fn client_of(port: u16, keys: &Keys) -> AwsCloud {
    client_as(port, keys, &Access::default())
}

/// The same as somebody else, by those keys.
pub(super) fn client_as(port: u16, keys: &Keys, access: &Access) -> AwsCloud {
    let keys = Credentials::new(&keys.id, &keys.secret, None, None, "test");
    let source = aws_config::defaults(BehaviorVersion::latest())
        .endpoint_url(format!("http://127.0.0.1:{port}"))
        .credentials_provider(keys);
    let place = Place { account: ACCOUNT.to_owned(), region: REGION.to_owned() };
    let pace = pace();
    let connected = AwsCloud::load(source, &place, access, &pace);
    runtime().block_on(connected).with_clock(Arc::new(Hurried::default()))
}

pub(super) fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// A server for the poc's account.
pub(super) fn server() -> Server {
    Server::start_with(&[("MINISTACK_ACCOUNT_ID", ACCOUNT)])
}

/// What nobody does there by itself: layers are built, and alarms see that all is well.
pub(super) fn calm(client: &mut Boto) {
    for name in REGISTRY {
        let built =
            json!({ "Name": name, "Value": "ami-07a5c7e9fb1d24c67", "Type": "String", "Overwrite": true });
        client.call("ssm", "put_parameter", built);
    }
    let alarms = client.call("cloudwatch", "describe_alarms", json!({ "AlarmTypes": ["MetricAlarm"] }));
    for alarm in alarms["MetricAlarms"].as_array().unwrap() {
        let calm = json!({ "AlarmName": alarm["AlarmName"], "StateValue": "OK", "StateReason": "calm" });
        client.call("cloudwatch", "set_alarm_state", calm);
    }
}
