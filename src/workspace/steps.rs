//! The steps from what is in the output folder to what should be: written down first, then done one by one; taken back
//! when one cannot be done, and ended by the next run when the process is killed in between.

use serde::{Deserialize, Serialize};

use crate::source::{limits, sha256};

use super::door::Privacy;
use super::staging::STAGE;
use super::{Output, WorkspaceError};

/// What is done with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Act {
    /// What is staged takes its place.
    Replace,
    /// It goes.
    Remove,
}

/// One file's step.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Step {
    /// Below the output folder.
    pub(super) path: String,
    pub(super) act: Act,
    /// Names what is staged for it.
    pub(super) number: usize,
    /// Digest of what is there before; `None` where nothing is.
    pub(super) before: Option<String>,
}

/// Where the steps are written down.
const STEPS: &str = "steps.json";

impl Step {
    /// What takes the file's place.
    pub(super) fn staged(&self) -> String {
        format!("{STAGE}/{}", self.number)
    }

    /// What was there, until all steps are done.
    fn kept(&self) -> String {
        format!("{STAGE}/{}.before", self.number)
    }
}

impl Output {
    /// Does all steps, or none of them.
    pub(super) fn perform(&self, steps: &[&Step]) -> Result<(), WorkspaceError> {
        if steps.is_empty() {
            return Ok(());
        }
        let list = self.path(&format!("{STAGE}/{STEPS}"));
        let text = serde_json::to_vec(steps)
            .map_err(|error| WorkspaceError::io("write", self.shown(STEPS), error.into()))?;
        self.door().replace(&list, &text, Privacy::Private)?;
        for (done, step) in steps.iter().enumerate() {
            if let Err(error) = self.keep(step).and_then(|()| self.act(step)) {
                steps.iter().take(done).rev().for_each(|step| self.take_back(step));
                drop(self.door().remove(&list));
                return Err(error);
            }
        }
        self.door().remove(&list)
    }

    /// Ends the steps that a killed process had written down. What a person changed since stays as it is.
    pub(super) fn resume(&self) {
        let list = self.path(&format!("{STAGE}/{STEPS}"));
        let Ok(Some(text)) = self.door().read(&list, limits::STEPS) else { return };
        let steps: Vec<Step> = serde_json::from_slice(&text).unwrap_or_default();
        for step in &steps {
            let Ok(found) = self.read(&step.path) else { continue };
            let is_as_before = found.as_deref().map(sha256) == step.before;
            if found.is_none_or(|bytes| bytes.is_empty()) || is_as_before {
                // What cannot be done is found, and told, by the run that goes on from here.
                drop(self.act(step));
            }
        }
        drop(self.door().remove(&list));
    }

    /// Keeps what is there by a second name; a copy where a file cannot have two.
    fn keep(&self, step: &Step) -> Result<(), WorkspaceError> {
        if step.before.is_none() {
            return Ok(());
        }
        let (path, kept) = (self.path(&step.path), self.path(&step.kept()));
        if self.door().link(&path, &kept).is_ok() {
            return Ok(());
        }
        let bytes = self.read(&step.path)?.unwrap_or_default();
        self.door().stage(&kept, &bytes, self.door().look(&path)?)
    }

    fn act(&self, step: &Step) -> Result<(), WorkspaceError> {
        let path = self.path(&step.path);
        match step.act {
            Act::Replace => self.door().rename(&self.path(&step.staged()), &path),
            Act::Remove => {
                self.door().remove(&path)?;
                self.remove_empty(&step.path);
                Ok(())
            }
        }
    }

    fn take_back(&self, step: &Step) {
        let path = self.path(&step.path);
        drop(match step.before {
            Some(_) => self.door().rename(&self.path(&step.kept()), &path),
            None => self.door().remove(&path),
        });
        if step.before.is_none() {
            self.remove_empty(&step.path);
        }
    }
}
