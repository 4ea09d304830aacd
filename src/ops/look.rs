//! What a look at an environment goes by: its spec, where it can be read, or what the account has.

use indexmap::IndexMap;

use crate::cfn::Stack;
use crate::cloud::{Cloud, CloudError};
use crate::model::Zone;
use crate::stacks::Owner;

use super::identify::Identity;
use super::load::Loaded;

/// What is looked at.
#[derive(Debug, Clone, Copy)]
pub struct Look<'a> {
    /// Which environment.
    pub identity: &'a Identity,
    /// Its spec, where it could be read.
    pub loaded: Option<&'a Loaded>,
    /// There is a spec, and it has errors.
    pub broken: bool,
    /// As a person names it in a command: `prod`, or flags.
    pub typed: &'a str,
    /// Where the operator is.
    pub zone: &'a Zone,
}

impl Look<'_> {
    /// Its stacks by the spec's names; without a spec, whatever has such a name.
    ///
    /// # Errors
    /// When the call does not succeed.
    pub(super) async fn stacks(&self, cloud: &dyn Cloud) -> Result<IndexMap<String, Stack>, CloudError> {
        match self.loaded {
            Some(loaded) => {
                let names: Vec<String> =
                    loaded.graph.stacks.values().map(|stack| stack.name.clone()).collect();
                cloud.describe_stacks(&names).await
            }
            None => {
                let stacks = cloud.stacks_named(&format!("{}-", self.identity.prefix())).await?;
                Ok(stacks.into_iter().map(|stack| (stack.name.clone(), stack)).collect())
            }
        }
    }
}

/// The roles that have a traffic stack among those.
pub(super) fn roles_among(own: &IndexMap<String, Stack>, owner: &Owner) -> Vec<String> {
    let prefix = format!("{}-", owner.prefix());
    let roles = own.keys().filter_map(|name| name.strip_prefix(&prefix)?.strip_suffix("-traffic"));
    roles.map(str::to_owned).collect()
}
