//! The codes of what resolving finds.

use crate::diagnostics::Code;

/// A file extends itself, directly or through others.
pub const EXTENDS_CYCLE: Code = Code::new("ASG0120");
/// A file that is named does not exist or cannot be read.
pub const FILE: Code = Code::new("ASG0121");
/// A file that is named lies outside the repository.
pub const OUTSIDE: Code = Code::new("ASG0122");
/// Too many files are laid over each other.
pub const TOO_MANY_FILES: Code = Code::new("ASG0123");
/// Two keys that exclude each other, or one that needs another.
pub const TOGETHER: Code = Code::new("ASG0301");
/// A strategy that does not exist.
pub const STRATEGY: Code = Code::new("ASG0302");
/// A step that says nothing, or several things at once.
pub const STEP: Code = Code::new("ASG0303");
/// A standard component that does not exist.
pub const COMPONENT: Code = Code::new("ASG0304");
/// A schedule that cannot be read, or cannot be followed by the layers after it.
pub const SCHEDULE: Code = Code::new("ASG0305");
/// A time zone that does not exist.
pub const TIME_ZONE: Code = Code::new("ASG0306");
/// A block of addresses that is none, or too small.
pub const CIDR: Code = Code::new("ASG0307");
/// An images owner that is no environment of the project.
pub const OWNER: Code = Code::new("ASG0308");
/// A listener that is not an Application Load Balancer's.
pub const LISTENER: Code = Code::new("ASG0309");
/// The images lock cannot be read, or says what cannot be.
pub const LOCK: Code = Code::new("ASG0310");
/// A length of time too long to count.
pub const PERIOD: Code = Code::new("ASG0311");
/// An environment for another version of asagi.
pub const VERSION: Code = Code::new("ASG0312");
/// An output of an environment that is not there, or cannot be read from here.
pub const ELSEWHERE: Code = Code::new("ASG0530");
/// A team's own template that is none.
pub const TEMPLATE: Code = Code::new("ASG0502");
