//! The change sets that the server computes: each stack is made once, and its change sets are never executed.

use std::collections::BTreeMap;
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Boto, Server};

use super::pair::{Pair, Version};
use super::verdict::{Verdict, of_server};

/// A server with the stacks that were made so far.
pub(super) struct Judge {
    client: Boto,
    _server: Server,
    stacks: BTreeMap<(String, Vec<(String, String)>), String>,
}

impl Judge {
    pub(super) fn start() -> Self {
        let server = Server::start();
        let mut client = Boto::of(&server);
        for value in ["1", "2"] {
            let parameter = json!({ "Name": "/a", "Value": value, "Type": "String", "Overwrite": true });
            client.call("ssm", "put_parameter", parameter);
        }
        Self { client, _server: server, stacks: BTreeMap::new() }
    }

    /// The name of the stack that is deployed as this version.
    pub(super) fn deploy(&mut self, version: &Version) -> String {
        let parameters = version.parameters.iter().map(|(name, value)| (name.clone(), value.clone()));
        let key = (version.text.clone(), parameters.collect());
        if let Some(stack) = self.stacks.get(&key) {
            return stack.clone();
        }
        let stack = format!("pair-{}", self.stacks.len());
        let mut request = request(&stack, version);
        // What cannot be made, since what it is made of is not there, keeps its template all the same.
        request["DisableRollback"] = true.into();
        self.client.call("cloudformation", "create_stack", request);
        self.wait(&stack);
        self.stacks.insert(key, stack.clone());
        stack
    }

    fn wait(&mut self, stack: &str) {
        for _ in 0..2_000 {
            let named = json!({ "StackName": stack });
            let described = self.client.call("cloudformation", "describe_stacks", named);
            if described["Stacks"][0]["StackStatus"] != "CREATE_IN_PROGRESS" {
                return;
            }
            thread::sleep(Duration::from_millis(5));
        }
        panic!("{stack} is never made")
    }

    /// What the server says of the pair.
    pub(super) fn judge(&mut self, stack: &str, number: usize, pair: &Pair) -> Verdict {
        let mut request = request(stack, &pair.after);
        let name = format!("change-{number}");
        request["ChangeSetName"] = name.clone().into();
        self.client.call("cloudformation", "create_change_set", request);
        let named = json!({ "StackName": stack, "ChangeSetName": name });
        of_server(&self.client.call("cloudformation", "describe_change_set", named))
    }
}

fn request(stack: &str, version: &Version) -> Value {
    let parameters = version.parameters.iter();
    let parameters: Vec<_> =
        parameters.map(|(name, value)| json!({ "ParameterKey": name, "ParameterValue": value })).collect();
    json!({
        "StackName": stack,
        "TemplateBody": version.text,
        "Parameters": parameters,
        "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
    })
}
