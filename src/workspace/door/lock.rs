//! A lock that one process at a time has. Who waits is told whom for, and does not wait for ever.

use std::fmt;
use std::fs::{File, TryLockError};
use std::time::{Duration, Instant};

use super::holder::{self, Holder};
use super::system;
use super::{Door, Privacy, WorkspaceError};

/// So often is looked whether the lock is free.
const LOOK: Duration = Duration::from_millis(20);
/// After so long it is first said, which is longer than any call of the embedded target takes, and then after twice as long
/// each time.
const SAY: Duration = Duration::from_millis(500);
/// So long is waited for a process that works: no call of asagi's holds a lock for more than some seconds.
const PATIENCE: Duration = Duration::from_secs(60);
/// So long for one that is stopped: a person may be about to let it go on.
const PATIENCE_STOPPED: Duration = Duration::from_secs(10);

/// Told each time that a wait is worth a line.
pub type Waits<'a> = &'a (dyn Fn(&Waiting) + Sync);

/// A wait for a lock that somebody holds.
#[derive(Debug)]
pub struct Waiting {
    /// The lock's file.
    pub path: String,
    /// Who has it, as far as the system tells.
    pub holder: Holder,
    /// How long so far.
    pub waited: Duration,
}

impl fmt::Display for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, holder, waited } = self;
        write!(f, "waiting for {holder} that holds `{path}`, {} s", waited.as_secs())
    }
}

/// Keeps every other process out until it is dropped.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Door {
    /// Takes the lock whose file is at `path`, made with the folders to it; the file stays.
    ///
    /// # Errors
    /// Somebody holds it for too long, what is there is no file of one name, or the path leads out or through a link.
    pub fn lock(&self, path: &str, waits: Waits<'_>) -> Result<Lock, WorkspaceError> {
        let (began, mut tries) = (clock(), 0);
        loop {
            let file = match self.append(path, Privacy::Private) {
                // Who had it before took its folder away just now.
                Err(error) if error.is_absent() && tries < 100 => {
                    tries += 1;
                    continue;
                }
                opened => opened?,
            };
            self.wait(&file, path, began, waits)?;
            let mine = system::looked_at(&file)
                .map_err(|error| WorkspaceError::io("lock", self.shown(path), error))?
                .identity;
            // Who had it before may have taken the file away with it.
            if self.look(path)?.is_some_and(|found| found.identity == mine) {
                return Ok(Lock { _file: file });
            }
        }
    }

    fn wait(&self, file: &File, path: &str, began: Instant, waits: Waits<'_>) -> Result<(), WorkspaceError> {
        let mut say = SAY;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(()),
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => {
                    return Err(WorkspaceError::io("lock", self.shown(path), error));
                }
            }
            let waited = clock().saturating_duration_since(began);
            if waited >= say {
                say = say.saturating_mul(2);
                let (path, holder) = (self.shown(path), holder::of(file));
                let patience = if holder.is_stopped() { PATIENCE_STOPPED } else { PATIENCE };
                let waiting = Waiting { path, holder, waited };
                if waited >= patience {
                    return Err(WorkspaceError::Held(Box::new(waiting)));
                }
                waits(&waiting);
                say = say.min(patience);
            }
            std::thread::sleep(LOOK);
        }
    }
}

/// The machine's clock, for how long a wait is.
fn clock() -> Instant {
    Instant::now()
}
