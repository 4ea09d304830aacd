//! Whether what is read is what was meant: in another account an environment looks like one that was never made.

use crate::cfn::Stack;
use crate::cloud::{Cloud, CloudError};
use crate::stacks::Stranger;

/// Why an environment was not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The credentials are of another account.
    #[error("this is account {caller}, the environment is in {planned}")]
    Elsewhere {
        /// Of the credentials.
        caller: String,
        /// Of the environment.
        planned: String,
    },
    /// A stack of that name belongs to somebody else.
    #[error("{0}")]
    Stranger(Stranger),
    /// A call did not succeed.
    #[error(transparent)]
    Cloud(#[from] CloudError),
}

/// Whether the account is the one that was meant; one of its stacks tells that as well as the service that says who calls.
/// Gives the account.
///
/// # Errors
/// When it is another one, or nobody can say.
pub async fn check_place(
    cloud: &dyn Cloud,
    account: Option<&str>,
    found: Option<&Stack>,
) -> Result<String, ReadError> {
    let caller = match found.and_then(account_of) {
        Some(account) => account.to_owned(),
        None => cloud.caller().await?.account,
    };
    match account.filter(|planned| *planned != caller) {
        Some(planned) => Err(ReadError::Elsewhere { caller, planned: planned.to_owned() }),
        None => Ok(caller),
    }
}

/// `arn:aws:cloudformation:REGION:ACCOUNT:stack/…`
fn account_of(stack: &Stack) -> Option<&str> {
    stack.id.split(':').nth(4).filter(|account| !account.is_empty())
}
