//! Who calls, and that nothing is changed in somebody else's account.

use super::AwsCloud;
use super::error::told;
use crate::cfn::Stack;
use crate::cloud::{Caller, CloudError, Result};

impl AwsCloud {
    /// `GetCallerIdentity`, once a run.
    pub(super) async fn read_caller(&self) -> Result<Caller> {
        let caller = self.caller.get_or_try_init(|| async {
            let answer = self.turns.take(self.identity.get_caller_identity().send()).await.map_err(told)?;
            let text = |part: Option<&str>| part.unwrap_or_default().to_owned();
            Ok::<_, CloudError>(Caller { account: text(answer.account()), arn: text(answer.arn()).into() })
        });
        caller.await.cloned()
    }

    /// Before each call that changes something.
    ///
    /// # Errors
    /// When the credentials are another account's.
    pub(super) async fn may_change(&self) -> Result<()> {
        let account = match (self.caller.get(), self.seen.get()) {
            (Some(caller), _) => caller.account.clone(),
            // A stack's own ARN tells it as well, also where the service that says who calls is out of reach.
            (None, Some(seen)) => seen.clone(),
            (None, None) => self.read_caller().await?.account,
        };
        if account == self.account {
            return Ok(());
        }
        Err(CloudError::AccessDenied(format!(
            "this is account {account}, the environment is in {}: nothing was changed",
            self.account
        )))
    }

    /// Remembers whose account a stack is in.
    pub(super) fn note_account(&self, stack: &Stack) {
        if let Some(account) = stack.id.split(':').nth(4) {
            let _ = self.seen.get_or_init(|| account.to_owned());
        }
    }
}
