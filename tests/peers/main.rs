//! What asagi writes, held against programs that others wrote: cfn-lint, cloudformation-validate, Sceptre, and a
//! server that speaks CloudFormation. The tests here show that each of them can say no; `support` is how the other
//! tests reach them.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test stops where something is not as it should be"
)]

#[cfg(feature = "aws")]
mod aws;
mod cloud;
mod collection;
mod conform;
mod corpus;
mod drive;
mod environments;
mod facts;
mod guard;
mod handbook;
mod hostile;
mod junit;
mod lint;
mod own_stacks;
mod phases;
mod reading;
mod sceptre;
mod server;
mod support;
mod traffic;
mod walk;
mod whole;
