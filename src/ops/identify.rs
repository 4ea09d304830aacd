//! As much of an environment as commands need that work from deployed stacks alone: from a spec that may be broken, from
//! its file's lines where it is no YAML, or from the account.

use crate::cloud::{Cloud, CloudError};
use crate::model::Environment;
use crate::resolve;
use crate::source::Files;
use crate::stacks::Owner;

/// Which environment it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The project.
    pub project: String,
    /// The environment.
    pub environment: String,
    /// The account; `None` where nobody said: it is the caller's.
    pub account: Option<String>,
    /// The region.
    pub region: String,
    /// Names of the roles; empty where they are those that are deployed.
    pub roles: Vec<String>,
}

impl Identity {
    /// Of an environment that could be read.
    pub fn of(environment: &Environment) -> Self {
        Self {
            project: environment.project.clone(),
            environment: environment.name.clone(),
            account: Some(environment.account.clone()),
            region: environment.region.clone(),
            roles: environment.roles.iter().map(|role| role.name.clone()).collect(),
        }
    }

    /// Whose stacks they are.
    pub fn owner(&self) -> Owner {
        Owner { project: self.project.clone(), environment: self.environment.clone() }
    }

    /// `{project}-{environment}`.
    pub fn prefix(&self) -> String {
        self.owner().prefix()
    }
}

/// Reads who an environment is, whatever else is wrong with its file.
///
/// # Errors
/// The key that could not be read.
pub fn identify(files: &dyn Files, path: &str) -> Result<Identity, &'static str> {
    let Some(root) = resolve::load(files, path).root else { return from_lines(files, path) };
    let text = |pointer: &str| root.get(pointer).and_then(|node| node.raw()).map(str::to_owned);
    let roles = root.get("/roles").into_iter().flat_map(|node| node.entries());
    Ok(Identity {
        project: text("/project").ok_or("project")?,
        environment: text("/environment").ok_or("environment")?,
        account: text("/account"),
        region: text("/region").ok_or("region")?,
        roles: roles.map(|entry| entry.key.clone()).collect(),
    })
}

/// At most so many files are looked through for who an environment is.
const FILES: usize = 16;

/// The same from lines such as `project: idhub-40`, of a file that is no YAML as it stands, and of the files that it
/// extends. Which roles there are is left to the account.
fn from_lines(files: &dyn Files, path: &str) -> Result<Identity, &'static str> {
    let mut texts = Vec::new();
    let mut left = vec![path.to_owned()];
    while let (Some(path), true) = (left.pop(), texts.len() < FILES) {
        let Ok(bytes) = files.read(&path) else { continue };
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        left.extend(extended(&text).map(|name| match folder {
            "" => name.to_owned(),
            folder => format!("{folder}/{name}"),
        }));
        texts.push(text);
    }
    let find = |key: &'static str| texts.iter().find_map(|text| value(text, key)).ok_or(key);
    Ok(Identity {
        project: find("project")?,
        environment: find("environment")?,
        account: find("account").ok(),
        region: find("region")?,
        roles: Vec::new(),
    })
}

/// The value of a key that stands at the beginning of a line.
fn value(text: &str, key: &str) -> Option<String> {
    let value = text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'))?;
    let plain = plain(value);
    (!plain.is_empty()).then(|| plain.to_owned())
}

/// Without a comment and quotes.
fn plain(value: &str) -> &str {
    let value = value.split(" #").next().unwrap_or_default().trim();
    value.trim_matches(['"', '\''])
}

/// The plain names of files beside this one that it extends: on the line of the key, or below it.
fn extended(text: &str) -> impl Iterator<Item = &str> {
    let mut after = text.lines().skip_while(|line| !line.starts_with("extends:"));
    let own = after.next().and_then(|line| line.strip_prefix("extends:")).unwrap_or_default();
    let own = own.trim().trim_start_matches('[').trim_end_matches(']').split(',');
    let below = after.map_while(|line| line.trim_start().strip_prefix("- "));
    own.chain(below)
        .map(|name| plain(name).trim_start_matches("./"))
        .filter(|name| !name.is_empty() && !name.contains("..") && !name.starts_with('/'))
}

/// The environments of that name that have stacks in the account, by the tags of their stacks.
///
/// # Errors
/// When the stacks cannot be listed.
pub async fn deployed_owners(cloud: &dyn Cloud, environment: &str) -> Result<Vec<Owner>, CloudError> {
    let stacks = cloud.stacks_named("").await?;
    let there = stacks.iter().filter(|stack| !stack.status.is_absent());
    let owners = there.filter_map(|stack| {
        let owner = Owner::named_by(stack).filter(|owner| owner.environment == environment)?;
        stack.name.starts_with(&format!("{}-", owner.prefix())).then_some(owner)
    });
    let mut found: Vec<Owner> = Vec::new();
    for owner in owners {
        if !found.contains(&owner) {
            found.push(owner);
        }
    }
    Ok(found)
}

/// The roles of an environment that have a traffic stack in the account.
///
/// # Errors
/// When the stacks cannot be listed.
pub async fn deployed_roles(cloud: &dyn Cloud, owner: &Owner) -> Result<Vec<String>, CloudError> {
    let prefix = format!("{}-", owner.prefix());
    let stacks = cloud.stacks_named(&prefix).await?;
    let own = stacks.iter().filter(|stack| !stack.status.is_absent() && owner.check(stack).is_ok());
    let roles = own.filter_map(|stack| stack.name.strip_prefix(&prefix)?.strip_suffix("-traffic"));
    Ok(roles.map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::MemoryFiles;

    #[test]
    fn a_file_that_is_no_yaml_still_says_who_it_is() {
        let broken =
            "extends: base.yaml\nenvironment: prod  # ours\nroles:\n  web:\n    release: [\n  x: }\n";
        let base = "project: \"idhub-40\"\naccount: '123456789012'\nregion: ap-northeast-1\n";
        let files =
            MemoryFiles::new().with("environments/prod.yaml", broken).with("environments/base.yaml", base);
        let known = identify(&files, "environments/prod.yaml").unwrap();
        let told = format!("{} {} {:?} {}", known.project, known.environment, known.account, known.region);
        assert_eq!(told, "idhub-40 prod Some(\"123456789012\") ap-northeast-1");
        let files = MemoryFiles::new().with("environments/prod.yaml", broken);
        assert_eq!(identify(&files, "environments/prod.yaml"), Err("project"));
    }
}
