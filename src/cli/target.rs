//! The one place that names targets: from `--target` to a cloud.

use std::future::Future;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::runtime::{Builder, Runtime};

use crate::cloud::Cloud;
use crate::cloud::local::{Folder, LocalCloud};

use super::Failure;
use super::options::{Options, Target};

/// An open target, and what runs its calls.
pub(super) struct OpenTarget {
    cloud: Box<dyn Cloud>,
    runtime: Runtime,
}

impl OpenTarget {
    /// What a rollout is driven through.
    pub(super) fn cloud(&self) -> &dyn Cloud {
        self.cloud.as_ref()
    }

    /// Runs calls to their end.
    pub(super) fn wait<T, E>(&self, work: impl Future<Output = Result<T, E>>) -> Result<T, Failure>
    where
        Failure: From<E>,
    {
        Ok(self.runtime.block_on(work)?)
    }

    /// Runs a rollout to its end, or until the person cancels.
    pub(super) fn follow<T>(&self, cancelled: Arc<AtomicBool>, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(async {
            let interrupt = tokio::spawn(async move {
                if tokio::signal::ctrl_c().await.is_ok() {
                    cancelled.store(true, Ordering::Relaxed);
                }
            });
            let outcome = work.await;
            interrupt.abort();
            outcome
        })
    }
}

/// Opens the target for an account and region.
pub(super) fn open(options: &Options, root: &Path, account: &str, region: &str) -> Result<OpenTarget, Failure> {
    let cloud: Box<dyn Cloud> = match options.target {
        Target::Local => {
            let folder = Folder::open(&root.join(".asagi").join("local")).map_err(Failure::from)?;
            let local = LocalCloud::open(folder, account, region).map_err(Failure::from)?;
            Box::new(local)
        }
        Target::Aws => {
            return Err(Failure::new("this version does not reach AWS yet")
                .help("try everything on the embedded target: add `--target local`, or set ASAGI_TARGET=local"));
        }
    };
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(format!("cannot start: {error}")))?;
    Ok(OpenTarget { cloud, runtime })
}
