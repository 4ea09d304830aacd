//! The server as a target of asagi's own driver: the cloud traits on boto3, so that every request a rollout makes is
//! one that a real client of AWS takes, and every answer one that it read from the wire.

mod answers;
mod observe;
mod stacks;

use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use asagi::cfn::CreateChangeSet;
use asagi::cloud::{Clock, CloudError};
use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::support::{Boto, Refusal, Server};

/// A server, seen as the target of a rollout.
pub(crate) struct BotoCloud {
    client: Mutex<Boto>,
    /// How far the clock is ahead of the machine's: nobody waits for a bake here.
    ahead: Mutex<SignedDuration>,
    requests: Mutex<Vec<CreateChangeSet>>,
}

impl BotoCloud {
    /// A target that is that server.
    pub(crate) fn of(server: &Server) -> Self {
        let client = Mutex::new(Boto::of(server));
        Self { client, ahead: Mutex::default(), requests: Mutex::default() }
    }

    /// The change sets that were asked for since this was last called.
    pub(crate) fn take_requests(&self) -> Vec<CreateChangeSet> {
        std::mem::take(&mut *self.requests.lock().unwrap())
    }

    /// The client, for what no trait has.
    pub(crate) fn client(&self) -> MutexGuard<'_, Boto> {
        self.client.lock().unwrap()
    }

    fn call(&self, service: &str, operation: &str, with: Value) -> Result<Value, CloudError> {
        self.client().try_call(service, operation, with).map_err(error)
    }

    /// [`BotoCloud::call`], where what is absent is none.
    fn find(&self, service: &str, operation: &str, with: Value) -> Result<Option<Value>, CloudError> {
        match self.call(service, operation, with) {
            Err(CloudError::NotFound(_)) => Ok(None),
            other => other.map(Some),
        }
    }
}

/// What can be done about a refusal.
fn error(refusal: Refusal) -> CloudError {
    let Refusal { code, message } = refusal;
    match code.as_str() {
        _ if message.starts_with("Stack") && message.ends_with("does not exist") => {
            CloudError::NotFound(message)
        }
        "ChangeSetNotFound" | "ChangeSetNotFoundException" | "ParameterNotFound" => {
            CloudError::NotFound(message)
        }
        "AlreadyExistsException" => CloudError::AlreadyExists(message),
        "InvalidChangeSetStatus" | "InvalidChangeSetStatusException" => {
            CloudError::InvalidChangeSetStatus(message)
        }
        "InsufficientCapabilitiesException" => CloudError::InsufficientCapabilities(message),
        "ValidationError" => CloudError::Validation(message),
        _ => CloudError::Validation(format!("{code}: {message}")),
    }
}

#[async_trait]
impl Clock for BotoCloud {
    fn now(&self) -> Timestamp {
        Timestamp::now() + *self.ahead.lock().unwrap()
    }

    fn lot(&self) -> u64 {
        RandomState::new().hash_one(())
    }

    /// The server needs milliseconds for what takes AWS minutes; those it gets.
    async fn sleep(&self, duration: Duration) {
        std::thread::sleep(Duration::from_millis(20));
        *self.ahead.lock().unwrap() += SignedDuration::try_from(duration).unwrap();
    }
}
