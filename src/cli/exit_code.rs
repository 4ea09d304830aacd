//! Exit codes, the same for every command.

/// How a command ended (design, section 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExitCode {
    /// Done; nothing to change counts as done.
    Done,
    /// It could not be done; usage errors too.
    Error,
    /// Changes exist (`--detailed-exitcode`), or rendered files are stale (`render --check`).
    Changes,
    /// The checks found something.
    Findings,
    /// What the plan was made from has moved.
    StalePlan,
    /// Approval or window is missing.
    Withheld,
    /// A gate failed and traffic was taken back.
    TakenBack,
    /// A gate failed and taking traffic back failed too.
    TakingBackFailed,
    /// Cancelled by the person.
    Cancelled,
}

impl ExitCode {
    /// The number.
    pub const fn number(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Error => 1,
            Self::Changes => 2,
            Self::Findings => 3,
            Self::StalePlan => 4,
            Self::Withheld => 5,
            Self::TakenBack => 6,
            Self::TakingBackFailed => 7,
            Self::Cancelled => 130,
        }
    }
}

impl From<ExitCode> for std::process::ExitCode {
    fn from(code: ExitCode) -> Self {
        Self::from(code.number())
    }
}
