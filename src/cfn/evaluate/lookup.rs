//! What evaluation asks of the account.

use crate::cfn::Effective;

/// Values that only the account can tell. `None` is unknown: it stays visible as such in the result.
pub trait Lookup {
    /// What `Ref` gives for a resource.
    fn reference(&self, logical_id: &str) -> Option<Effective>;

    /// What `Fn::GetAtt` gives.
    fn attribute(&self, logical_id: &str, attribute: &str) -> Option<Effective>;

    /// What `Fn::ImportValue` gives.
    fn import(&self, export: &str) -> Option<Effective>;

    /// What `Fn::GetStackOutput` gives of a stack of the same account and region.
    fn stack_output(&self, _stack: &str, _output: &str) -> Option<Effective> {
        None
    }

    /// The value of an SSM parameter type, asked for as `resolve:ssm:{name}`. Dynamic references in text are never
    /// resolved, so that nothing secret can be shown.
    fn dynamic(&self, reference: &str) -> Option<Effective>;
}

/// A look-up without an account.
#[derive(Debug, Clone, Copy, Default)]
pub struct NothingKnown;

impl Lookup for NothingKnown {
    fn reference(&self, _: &str) -> Option<Effective> {
        None
    }

    fn attribute(&self, _: &str, _: &str) -> Option<Effective> {
        None
    }

    fn import(&self, _: &str) -> Option<Effective> {
        None
    }

    fn dynamic(&self, _: &str) -> Option<Effective> {
        None
    }
}
