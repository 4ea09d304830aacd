//! Who holds a lock, where the system tells: `/proc/locks` names the process, `/proc/PID` what it is and whether it is
//! stopped (proc_locks(5), proc_pid_stat(5)). Elsewhere it is another process, and no more is known.

use std::fmt;
use std::fs::File;
use std::io::Read as _;

use super::system;

/// Who holds a lock, as far as the system tells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Holder {
    /// The process.
    pub process: Option<u32>,
    /// Its command line, such as `asagi apply poc`.
    pub command: String,
    /// How many seconds it has been running.
    pub seconds: Option<u64>,
    /// Its state's letter: `T` where it is stopped.
    pub state: Option<char>,
}

impl Holder {
    /// It does not go on before somebody lets it.
    pub fn is_stopped(&self) -> bool {
        matches!(self.state, Some('T' | 't'))
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(process) = self.process else { return f.write_str("another process") };
        write!(f, "process {process}")?;
        match (self.command.as_str(), self.seconds) {
            ("", None) => {}
            ("", Some(seconds)) => write!(f, " (begun {seconds} s ago)")?,
            (command, None) => write!(f, " (`{command}`)")?,
            (command, Some(seconds)) => write!(f, " (`{command}`, begun {seconds} s ago)")?,
        }
        if self.is_stopped() { f.write_str(", which is stopped,") } else { Ok(()) }
    }
}

/// Who holds the lock of that file.
pub(super) fn of(file: &File) -> Holder {
    let identity = system::looked_at(file).ok().map(|looked| looked.identity);
    let Some(process) = identity.and_then(|identity| locker(&proc("locks"), identity)) else {
        return Holder::default();
    };
    let command = proc(&format!("{process}/cmdline"));
    let stat = proc(&format!("{process}/stat"));
    Holder {
        process: Some(process),
        command: command_line(&command),
        seconds: running(&stat, &proc("uptime")),
        state: state(&stat),
    }
}

/// A file of `/proc`, as far as it is worth reading.
fn proc(name: &str) -> String {
    let mut bytes = Vec::new();
    if let Ok(file) = File::open(format!("/proc/{name}")) {
        let _ = file.take(1 << 20).read_to_end(&mut bytes);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The process with a lock on that file: `1: FLOCK  ADVISORY  WRITE 1234 fe:00:5678 0 EOF`. Some file systems name
/// another device there than elsewhere, so the number alone counts where no line has both.
fn locker(locks: &str, (device, number): (u64, u64)) -> Option<u32> {
    let lines = locks.lines().filter_map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [_, "FLOCK", _, _, process, file, ..] = words.as_slice() else { return None };
        let parts: Vec<&str> = file.split(':').collect();
        let [major, minor, inode] = parts.as_slice() else { return None };
        let hex = |text| u64::from_str_radix(text, 16).ok();
        let process = process.parse::<u32>().ok().filter(|process| *process > 0)?;
        (inode.parse() == Ok(number)).then_some((process, (hex(major)?, hex(minor)?)))
    });
    let found: Vec<_> = lines.collect();
    let exact = found.iter().find(|(_, numbers)| *numbers == split(device));
    exact.or(found.first()).map(|(process, _)| *process)
}

/// Major and minor number of a device, as Linux packs them (makedev(3)).
fn split(device: u64) -> (u64, u64) {
    let major = ((device >> 8) & 0xfff) | ((device >> 32) & !0xfff);
    let minor = (device & 0xff) | ((device >> 12) & !0xff);
    (major, minor & 0xffff_ffff)
}

/// A command line for a message: its program's name and arguments, printable ASCII, not too long.
fn command_line(cmdline: &str) -> String {
    let mut words = cmdline.split('\0').filter(|word| !word.is_empty());
    let program = words.next().and_then(|path| path.rsplit('/').next()).unwrap_or_default();
    let line = std::iter::once(program).chain(words).collect::<Vec<_>>().join(" ");
    line.chars()
        .map(|it| if it == ' ' || (it.is_ascii_graphic() && it != '`') { it } else { '?' })
        .take(80)
        .collect()
}

/// The state's letter: it stands after the name in parentheses, which may hold anything.
fn state(stat: &str) -> Option<char> {
    stat.rsplit_once(')')?.1.trim_start().chars().next()
}

/// For how many seconds it has been running: since the machine's start, less when it began, in hundredths (field 22).
fn running(stat: &str, uptime: &str) -> Option<u64> {
    let began: u64 = stat.rsplit_once(')')?.1.split_whitespace().nth(19)?.parse().ok()?;
    let up: u64 = uptime.split(['.', ' ']).next()?.parse().ok()?;
    up.checked_sub(began / 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCKS: &str = "\
1: POSIX  ADVISORY  READ 700 fe:00:4242 128 128
2: FLOCK  ADVISORY  WRITE 1234 fe:00:4242 0 EOF
2: -> FLOCK  ADVISORY  WRITE 1300 fe:00:4242 0 EOF
3: FLOCK  ADVISORY  WRITE 99 00:2b:4243 0 EOF
";

    #[test]
    fn the_holder_is_found_by_the_file_s_number() {
        let device = 0xfe00;
        assert_eq!(split(device), (0xfe, 0));
        assert_eq!(locker(LOCKS, (device, 4242)), Some(1234));
        assert_eq!(locker(LOCKS, (0x30, 4243)), Some(99));
        assert_eq!(locker(LOCKS, (device, 1)), None);
    }

    #[test]
    fn a_holder_is_told_in_plain_letters() {
        let holder = |state| Holder {
            process: Some(1234),
            command: command_line("/usr/bin/asagi\0apply\0po\u{1b}[31mc`\0"),
            seconds: None,
            state,
        };
        assert_eq!(holder(Some('S')).to_string(), "process 1234 (`asagi apply po?[31mc?`)");
        assert_eq!(
            holder(state("1234 (a) b) T 1 1")).to_string(),
            "process 1234 (`asagi apply po?[31mc?`), which is stopped,"
        );
        let stat = "7 (a) b) S 1 7 7 0 -1 4194560 100 0 0 0 1 2 0 0 20 0 1 0 4200 1000 200";
        assert_eq!(running(stat, "115.30 200.11\n"), Some(73));
        let begun = Holder { seconds: Some(73), ..holder(Some('S')) };
        assert_eq!(begun.to_string(), "process 1234 (`asagi apply po?[31mc?`, begun 73 s ago)");
        assert_eq!(Holder::default().to_string(), "another process");
    }
}
