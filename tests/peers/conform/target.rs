//! What a scenario needs of a target beside the cloud's own traits: things to go wrong, and what only one of them can be
//! asked.

use asagi::cloud::Cloud;
use asagi::cloud::local::{Fault, LocalCloud};
use serde_json::json;

use crate::cloud::BotoCloud;

/// When something goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// While the operation goes forward.
    Forward,
    /// While it is taken back.
    Back,
}

/// A target that scenarios run on.
pub(super) trait Target {
    /// The traits under test.
    fn cloud(&self) -> &dyn Cloud;

    /// The next work on that resource fails, once.
    fn fail(&self, stack: &str, logical_id: &str, when: When, reason: &str);

    /// Sets a parameter of Parameter Store, as a person would.
    fn put_parameter(&self, name: &str, value: &str);
}

impl Target for LocalCloud {
    fn cloud(&self) -> &dyn Cloud {
        self
    }

    fn fail(&self, stack: &str, logical_id: &str, when: When, reason: &str) {
        let (stack, logical_id, reason) = (stack.to_owned(), logical_id.to_owned(), reason.to_owned());
        let fault = match when {
            When::Forward => Fault::ResourceFails { stack, logical_id, reason, times: 1 },
            When::Back => Fault::RollbackFails { stack, logical_id, reason, times: 1 },
        };
        self.inject(fault).unwrap();
    }

    fn put_parameter(&self, name: &str, value: &str) {
        self.put_parameter(name, value).unwrap();
    }
}

impl Target for BotoCloud {
    fn cloud(&self) -> &dyn Cloud {
        self
    }

    /// The server's launcher looks for such a parameter before it works on a resource, and removes it.
    fn fail(&self, stack: &str, logical_id: &str, when: When, reason: &str) {
        let when = if when == When::Forward { "forward" } else { "back" };
        Target::put_parameter(self, &format!("/faults/{when}/{stack}/{logical_id}"), reason);
    }

    fn put_parameter(&self, name: &str, value: &str) {
        let asked = json!({ "Name": name, "Value": value, "Type": "String", "Overwrite": true });
        self.client().call("ssm", "put_parameter", asked);
    }
}
