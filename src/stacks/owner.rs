//! Whose a stack is: every stack of an environment says so by its tags, whoever made it, asagi or Sceptre. A name alone
//! proves nothing: `crm` in `qa-one` and `crm-qa` in `one` would have the same.

use std::fmt;

use crate::cfn::Stack;
use crate::model::Environment;

/// Tag of every stack: the project.
pub const PROJECT_TAG: &str = "Project";
/// Tag of every stack: the environment.
pub const ENVIRONMENT_TAG: &str = "Environment";

/// The environment that stacks belong to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// The project.
    pub project: String,
    /// The environment.
    pub environment: String,
}

impl Owner {
    /// Owner of an environment's stacks.
    pub fn of(environment: &Environment) -> Self {
        Self { project: environment.project.clone(), environment: environment.name.clone() }
    }

    /// Whom a stack's tags name.
    pub fn named_by(stack: &Stack) -> Option<Self> {
        let tag = |name: &str| stack.tags.get(name).cloned();
        Some(Self { project: tag(PROJECT_TAG)?, environment: tag(ENVIRONMENT_TAG)? })
    }

    /// `{project}-{environment}`: what every stack's name begins with.
    pub fn prefix(&self) -> String {
        format!("{}-{}", self.project, self.environment)
    }

    /// The stack is this environment's own.
    ///
    /// # Errors
    /// Whose it is instead.
    pub fn check(&self, stack: &Stack) -> Result<(), Stranger> {
        match Self::named_by(stack) {
            Some(owner) if owner == *self => Ok(()),
            owner => Err(Stranger { stack: stack.name.clone(), owner, wanted: self.clone() }),
        }
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "environment {} of project {}", self.environment, self.project)
    }
}

/// A stack that has the name of one of an environment's and is not its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stranger {
    /// Its name.
    pub stack: String,
    /// Whose it is, where its tags tell.
    pub owner: Option<Owner>,
    /// Whose it was taken for.
    pub wanted: Owner,
}

impl fmt::Display for Stranger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { stack, owner, wanted } = self;
        match owner {
            Some(owner) => write!(f, "stack {stack} is of {owner}, by its tags, and not of {wanted}"),
            None => write!(
                f,
                "stack {stack} was not made for {wanted}: it has no tags `{PROJECT_TAG}` and `{ENVIRONMENT_TAG}` that say so"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cfn::{RollbackConfiguration, StackStatus};

    fn stack(tags: &[(&str, &str)]) -> Stack {
        Stack {
            id: "arn:aws:cloudformation:ap-northeast-1:123456789012:stack/crm-qa-one-web-traffic/1"
                .to_owned(),
            name: "crm-qa-one-web-traffic".to_owned(),
            status: StackStatus::CreateComplete,
            status_reason: None,
            parameters: indexmap::IndexMap::new(),
            outputs: indexmap::IndexMap::new(),
            tags: tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
            created: jiff::Timestamp::UNIX_EPOCH,
            updated: None,
            last_operation: None,
            role_arn: None,
            termination_protection: false,
            notification_topics: Vec::new(),
            rollback_configuration: RollbackConfiguration::default(),
        }
    }

    #[test]
    fn the_same_name_is_not_the_same_environment() {
        let owner = |project: &str, environment: &str| Owner {
            project: project.to_owned(),
            environment: environment.to_owned(),
        };
        let (one, other) = (owner("crm", "qa-one"), owner("crm-qa", "one"));
        assert_eq!(one.prefix(), other.prefix());
        let made = stack(&[("Project", "crm"), ("Environment", "qa-one")]);
        assert_eq!(one.check(&made), Ok(()));
        let told = |stack: &Stack| other.check(stack).unwrap_err().to_string();
        insta::assert_snapshot!(told(&made), @"stack crm-qa-one-web-traffic is of environment qa-one of project crm, by its tags, and not of environment one of project crm-qa");
        insta::assert_snapshot!(told(&stack(&[("Project", "crm-qa")])), @"stack crm-qa-one-web-traffic was not made for environment one of project crm-qa: it has no tags `Project` and `Environment` that say so");
    }
}
