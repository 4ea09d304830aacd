//! As much of an environment as a rollback needs, from a spec that may be broken.

use crate::resolve;
use crate::source::Files;

/// Which environment it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The project.
    pub project: String,
    /// The environment.
    pub environment: String,
    /// The account.
    pub account: String,
    /// The region.
    pub region: String,
    /// Names of the roles.
    pub roles: Vec<String>,
}

/// Reads who an environment is, whatever else is wrong with its file.
///
/// # Errors
/// The key that could not be read.
pub fn identify(files: &dyn Files, path: &str) -> Result<Identity, &'static str> {
    let root = resolve::load(files, path).root.ok_or("project")?;
    let text = |pointer: &str| root.get(pointer).and_then(|node| node.raw()).map(str::to_owned);
    let roles = root.get("/roles").into_iter().flat_map(|node| node.entries());
    Ok(Identity {
        project: text("/project").ok_or("project")?,
        environment: text("/environment").ok_or("environment")?,
        account: text("/account").ok_or("account")?,
        region: text("/region").ok_or("region")?,
        roles: roles.map(|entry| entry.key.clone()).collect(),
    })
}
