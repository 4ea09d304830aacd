//! The one clear line a command ends with when it cannot be done, and the help below it.

use std::io;

use crate::words::Shown;

use super::ExitCode;

/// Why a command ended early.
#[derive(Debug)]
pub struct Failure {
    /// Lower-case phrase without a full stop; empty when everything was said already.
    pub message: Shown,
    /// What to write or do instead.
    pub help: Option<Shown>,
    /// What the process exits with.
    pub code: ExitCode,
    /// The reader of our output went away, which is no failure.
    pub closed_pipe: bool,
}

impl Failure {
    /// An error, exit 1.
    pub fn new(message: impl Into<Shown>) -> Self {
        Self { message: message.into(), help: None, code: ExitCode::Error, closed_pipe: false }
    }

    /// With what to do instead.
    #[must_use]
    pub fn help(self, help: impl Into<Shown>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// With another exit code.
    #[must_use]
    pub fn code(self, code: ExitCode) -> Self {
        Self { code, ..self }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        let closed_pipe = error.kind() == io::ErrorKind::BrokenPipe;
        Self { closed_pipe, ..Self::new(format!("cannot write the output: {error}")) }
    }
}

impl From<crate::workspace::WorkspaceError> for Failure {
    fn from(error: crate::workspace::WorkspaceError) -> Self {
        Self { help: error.help().map(Shown::from), ..Self::new(error.to_string()) }
    }
}

impl From<crate::ops::check::BaselineError> for Failure {
    fn from(error: crate::ops::check::BaselineError) -> Self {
        match error {
            crate::ops::check::BaselineError::Workspace(error) => error.into(),
            error => Self::new(error.to_string())
                .help("write one with `asagi check --write-baseline FILE`, to a file of its own"),
        }
    }
}

impl From<crate::ops::render::RenderError> for Failure {
    fn from(error: crate::ops::render::RenderError) -> Self {
        match error {
            crate::ops::render::RenderError::Workspace(error) => error.into(),
            error => Self::new(error.to_string()),
        }
    }
}

impl From<crate::cloud::CloudError> for Failure {
    fn from(error: crate::cloud::CloudError) -> Self {
        if is_taken(&error) {
            return Self::new(format!("another run or person was faster: {error}"))
                .help("see `asagi status` for where it stands, and run it again when theirs is done")
                .code(ExitCode::StalePlan);
        }
        let failure = Self::new(error.to_string());
        match mend(&error) {
            Some(help) => failure.help(help),
            None => failure,
        }
    }
}

/// What to give instead of each name.
pub(super) fn helps(found: &[crate::plan::Misnamed]) -> String {
    let mut helps: Vec<String> = found.iter().map(crate::plan::Misnamed::help).collect();
    helps.dedup();
    helps.join("\n")
}

/// A refusal that only somebody else's work at the same time can lead to.
pub(super) fn is_taken(error: &crate::cloud::CloudError) -> bool {
    error.is_of_others() && !matches!(error, crate::cloud::CloudError::NotFound(_))
}

/// What to do in another account.
pub(super) const CREDENTIALS: &str = "use credentials of that account: `--profile` or `--assume-role`";

/// What a person can do about a call that did not succeed.
pub(super) fn mend(error: &crate::cloud::CloudError) -> Option<&'static str> {
    use crate::cloud::CloudError;
    match error {
        CloudError::CredentialsExpired(_) => {
            Some("renew them (`aws sso login` or what your account uses), then run the same command again")
        }
        CloudError::AccessDenied(_) => {
            Some("give `--profile` or `--assume-role`; `asagi iam-policy` prints what is needed")
        }
        CloudError::Unreachable(_) => Some(
            "see to the network, `HTTPS_PROXY` and `NO_PROXY`, `AWS_CA_BUNDLE`, and the region of the spec",
        ),
        CloudError::Transient(_) => Some("run the same command again: it goes on from where things stand"),
        _ => None,
    }
}

impl From<crate::ops::ReadError> for Failure {
    fn from(error: crate::ops::ReadError) -> Self {
        let failure = Self::new(error.to_string());
        match error {
            crate::ops::ReadError::Cloud(error) => error.into(),
            crate::ops::ReadError::Stranger(_) => failure.help("see to the tags of that stack"),
            crate::ops::ReadError::Elsewhere { .. } => failure.help(CREDENTIALS),
        }
    }
}

impl From<crate::ops::PlanError> for Failure {
    fn from(error: crate::ops::PlanError) -> Self {
        let failure = Self::new(error.to_string());
        match error {
            crate::ops::PlanError::Cloud(error) => error.into(),
            crate::ops::PlanError::Unsettled { busy: true, .. } => {
                failure.help("plan again when that is done").code(ExitCode::StalePlan)
            }
            crate::ops::PlanError::Elsewhere(error) => error.into(),
            crate::ops::PlanError::Unread(missing) => {
                let mut helps: Vec<&str> = missing.iter().map(|unread| unread.help.as_str()).collect();
                helps.dedup();
                failure.help(helps.join("; "))
            }
            crate::ops::PlanError::Misnamed(found) => failure.help(helps(&found)),
            crate::ops::PlanError::Strangers(strangers) => {
                let names = strangers.iter().map(|stranger| format!("--adopt {}", stranger.stack));
                let names = names.collect::<Vec<_>>().join(" ");
                failure.code(ExitCode::Withheld).help(format!(
                    "nothing is changed in it; `{names}` takes it over, where it is to become this environment's"
                ))
            }
            _ => failure.help("see `asagi status` for where it stands"),
        }
    }
}
