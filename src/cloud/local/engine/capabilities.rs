//! Which capabilities a template needs.

use crate::cfn::Template;
use crate::cloud::{CloudError, Result};

/// IAM types that need a capability.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html>
const IAM: [&str; 8] = [
    "AccessKey",
    "Group",
    "InstanceProfile",
    "ManagedPolicy",
    "Policy",
    "Role",
    "User",
    "UserToGroupAddition",
];
/// Properties that give an IAM resource a name of its own.
const NAMES: [&str; 5] = ["GroupName", "InstanceProfileName", "ManagedPolicyName", "RoleName", "UserName"];

/// # Errors
/// One that it needs was not given.
pub(crate) fn check(template: &Template, given: &[String]) -> Result<()> {
    let has = |name: &str| given.iter().any(|capability| capability == name);
    let iam = template
        .resources
        .values()
        .filter(|resource| resource.kind.strip_prefix("AWS::IAM::").is_some_and(|name| IAM.contains(&name)));
    let mut needed = None;
    for resource in iam {
        let is_named = NAMES.iter().any(|name| resource.properties.contains_key(*name));
        if is_named && !has("CAPABILITY_NAMED_IAM") {
            needed = Some("CAPABILITY_NAMED_IAM");
        } else if !has("CAPABILITY_IAM") && !has("CAPABILITY_NAMED_IAM") {
            needed = needed.or(Some("CAPABILITY_IAM"));
        }
    }
    if template.transform.is_some() && !has("CAPABILITY_AUTO_EXPAND") {
        needed = needed.or(Some("CAPABILITY_AUTO_EXPAND"));
    }
    match needed {
        Some(needed) => {
            Err(CloudError::InsufficientCapabilities(format!("Requires capabilities : [{needed}]")))
        }
        None => Ok(()),
    }
}
