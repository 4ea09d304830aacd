//! Who calls, and that nothing is changed in somebody else's account.

use super::AwsCloud;
use super::error::told;
use crate::cloud::{Caller, CloudError, Result};

impl AwsCloud {
    /// `GetCallerIdentity`, once a run.
    pub(super) async fn read_caller(&self) -> Result<Caller> {
        let caller = self.caller.get_or_try_init(|| async {
            let answer = self.turns.take(self.identity.get_caller_identity().send()).await.map_err(told)?;
            let text = |part: Option<&str>| part.unwrap_or_default().to_owned();
            Ok::<_, CloudError>(Caller { account: text(answer.account()), arn: text(answer.arn()) })
        });
        caller.await.cloned()
    }

    /// Before each call that changes something.
    ///
    /// # Errors
    /// When the credentials are another account's.
    pub(super) async fn may_change(&self) -> Result<()> {
        let caller = self.read_caller().await?;
        if caller.account == self.account {
            return Ok(());
        }
        Err(CloudError::AccessDenied(format!(
            "these credentials are of account {}, the environment is in {}: nothing was changed",
            caller.account, self.account
        )))
    }
}
