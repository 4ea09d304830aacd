//! A person's wish to stop. It ends waits at once; what CloudFormation is doing goes on.

use tokio::sync::watch;

/// A person's wish to stop.
#[derive(Debug)]
pub struct Cancellation(watch::Sender<bool>);

impl Default for Cancellation {
    fn default() -> Self {
        Self(watch::Sender::new(false))
    }
}

impl Cancellation {
    /// Asks for the end.
    pub fn cancel(&self) {
        self.0.send_replace(true);
    }

    /// The end was asked for.
    pub fn is_cancelled(&self) -> bool {
        *self.0.borrow()
    }

    /// Until the end is asked for.
    pub async fn cancelled(&self) {
        // The sender is held, so this cannot fail before it was asked for.
        let _ = self.0.subscribe().wait_for(|cancelled| *cancelled).await;
    }
}
