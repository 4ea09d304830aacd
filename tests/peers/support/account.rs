//! An account as it is before asagi comes to it: a server that has what a spec names without making it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{Boto, Rendered, Sceptre, Server, render_from, repository, temporary_folder};

/// A server for one environment, and a copy of the repository's `environments/` whose spec names what is there.
pub(crate) struct Account {
    /// The server.
    pub(crate) server: Server,
    /// The environment's name.
    pub(crate) environment: String,
    root: TempDir,
}

impl Account {
    /// The account of one of the repository's environments.
    pub(crate) fn of(environment: &str) -> Self {
        Self::with(environment, &[])
    }

    /// [`Account::of`], with places of the spec's text changed; each must be there.
    pub(crate) fn with(environment: &str, changes: &[(&str, &str)]) -> Self {
        let root = temporary_folder();
        copy(&repository("environments"), &root.path().join("environments"));
        let spec = root.path().join(format!("environments/{environment}.yaml"));
        let mut text = fs::read_to_string(&spec).unwrap();
        for (from, to) in changes {
            assert!(text.contains(from), "{environment}.yaml has no {from:?}");
            text = text.replace(from, to);
        }
        let number =
            text.lines().find_map(|line| line.strip_prefix("account: \"")?.strip_suffix('"')).unwrap();
        let server = Server::start_with(&[("MINISTACK_ACCOUNT_ID", number)]);
        fs::write(&spec, with_network(&mut Boto::of(&server), text.clone())).unwrap();
        let secret = json!({ "Name": "ops/pagerduty", "SecretString": "https://events.pagerduty.com/integration/0/enqueue" });
        Boto::of(&server).call("secretsmanager", "create_secret", secret);
        Self { server, environment: environment.to_owned(), root }
    }

    /// The folder that holds `environments/`.
    pub(crate) fn root(&self) -> &Path {
        self.root.path()
    }

    /// The environment as the program renders it, below `rendered/`.
    pub(crate) fn rendered(&self) -> Rendered {
        render_from(self.root(), &self.root().join("rendered"), std::slice::from_ref(&self.environment))
            .remove(0)
    }

    /// Sceptre on what was rendered.
    pub(crate) fn sceptre(&self, rendered: &Rendered) -> Sceptre {
        Sceptre::against(&rendered.folder, self.server.variables())
    }

    /// A client.
    pub(crate) fn client(&self) -> Boto {
        Boto::of(&self.server)
    }

    /// What a pipeline does when it has built that layer: it writes the image down.
    pub(crate) fn build_image(&self, parameter: &str) {
        let built = json!({ "Name": parameter, "Value": "ami-07a5c7e9fb1d24c67", "Type": "String", "Overwrite": true });
        self.client().call("ssm", "put_parameter", built);
    }
}

/// The network that a spec names is made, and the spec names what was made: a server gives ids of its own.
fn with_network(cloud: &mut Boto, mut text: String) -> String {
    let mut made = BTreeMap::new();
    let vpc = "10.40.0.0/16";
    for old in ids(&text, "vpc-") {
        let new = cloud.call("ec2", "create_vpc", json!({ "CidrBlock": vpc }))["Vpc"]["VpcId"].clone();
        made.insert(old, new);
    }
    let owner = made.values().next().cloned();
    for (index, old) in ids(&text, "subnet-").into_iter().enumerate() {
        let zone = if index % 2 == 0 { "ap-northeast-1a" } else { "ap-northeast-1c" };
        let asked =
            json!({ "VpcId": owner, "CidrBlock": format!("10.40.{index}.0/24"), "AvailabilityZone": zone });
        made.insert(old, cloud.call("ec2", "create_subnet", asked)["Subnet"]["SubnetId"].clone());
    }
    for (old, new) in made {
        text = text.replace(&old, new.as_str().unwrap());
    }
    text
}

/// Ids that begin so, each once, in the order of the text.
fn ids(text: &str, prefix: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for rest in text.split(prefix).skip(1) {
        let digits: String = rest.chars().take_while(char::is_ascii_hexdigit).collect();
        let id = format!("{prefix}{digits}");
        if digits.len() == 17 && !found.contains(&id) {
            found.push(id);
        }
    }
    found
}

/// Copies a folder with all that is in it.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// A stack as CloudFormation describes it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Seen {
    /// Its status.
    pub(crate) status: String,
    /// When it was made.
    pub(crate) created: String,
    /// When it was updated last.
    pub(crate) updated: Option<String>,
    /// Its parameters.
    pub(crate) parameters: BTreeMap<String, String>,
    /// Its tags.
    pub(crate) tags: BTreeMap<String, String>,
    /// The role that CloudFormation works as.
    pub(crate) role: Option<String>,
    /// Its resources: logical id to physical id.
    pub(crate) resources: BTreeMap<String, String>,
}

/// Every stack of the account, by name.
pub(crate) fn seen(cloud: &mut Boto) -> BTreeMap<String, Seen> {
    let answer = cloud.call("cloudformation", "describe_stacks", json!({}));
    let stacks = answer["Stacks"].as_array().unwrap().iter();
    stacks.map(|stack| (stack["StackName"].as_str().unwrap().to_owned(), one(cloud, stack))).collect()
}

fn one(cloud: &mut Boto, stack: &Value) -> Seen {
    let text = |key: &str| stack[key].as_str().map(str::to_owned);
    let asked = json!({ "StackName": stack["StackName"] });
    let resources = cloud.call("cloudformation", "describe_stack_resources", asked);
    Seen {
        status: text("StackStatus").unwrap(),
        created: text("CreationTime").unwrap(),
        updated: text("LastUpdatedTime"),
        parameters: pairs(&stack["Parameters"], "ParameterKey", "ParameterValue"),
        tags: pairs(&stack["Tags"], "Key", "Value"),
        role: text("RoleARN"),
        resources: pairs(&resources["StackResources"], "LogicalResourceId", "PhysicalResourceId"),
    }
}

fn pairs(list: &Value, key: &str, value: &str) -> BTreeMap<String, String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let pairs = list.as_array().into_iter().flatten();
    pairs.map(|pair| (text(&pair[key]), text(&pair[value]))).collect()
}

/// What is another way than before, a line each: `web-traffic: BlueWeight 100 → 90`.
pub(crate) fn changes(before: &BTreeMap<String, Seen>, after: &BTreeMap<String, Seen>) -> Vec<String> {
    let mut lines = Vec::new();
    for stack in before.keys().chain(after.keys().filter(|stack| !before.contains_key(*stack))) {
        let (Some(old), Some(new)) = (before.get(stack), after.get(stack)) else {
            lines.push(format!("{stack}: {}", if after.contains_key(stack) { "made" } else { "gone" }));
            continue;
        };
        let (old, new) = (facts(old), facts(new));
        for fact in old.keys().chain(new.keys().filter(|fact| !old.contains_key(*fact))) {
            let [old, new] = [&old, &new].map(|facts| facts.get(fact).map_or("nothing", String::as_str));
            if old != new {
                lines.push(format!("{stack}: {fact} {old} → {new}"));
            }
        }
    }
    lines
}

fn facts(stack: &Seen) -> BTreeMap<String, String> {
    let Seen { status: _, created, updated, parameters, tags, role, resources } = stack;
    let mut facts = parameters.clone();
    facts.insert("its creation".to_owned(), created.clone());
    facts.insert("its last update".to_owned(), updated.clone().unwrap_or_default());
    facts.insert("its role".to_owned(), role.clone().unwrap_or_default());
    facts.extend(tags.iter().map(|(key, value)| (format!("tag {key}"), value.clone())));
    facts.extend(resources.iter().map(|(id, physical)| (format!("resource {id}"), physical.clone())));
    facts
}
