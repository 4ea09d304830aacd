//! What a command talks through: data to stdout, progress to stderr, questions to the person.

use std::io::{self, BufRead, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};

use crate::shown;
use crate::words::{self, Shown, mask_certain, walled};
use crate::workspace::Waiting;

use super::Failure;

/// The process's streams, or a test's.
pub struct Streams {
    /// Answers come from here.
    pub input: Box<dyn BufRead + Send>,
    /// Data goes here.
    pub output: Box<dyn Write + Send>,
    /// Progress and errors go here.
    pub error: Box<dyn Write + Send>,
    /// A person is at the other end of input, output and error.
    pub terminal: [bool; 3],
}

impl Streams {
    /// The process's own.
    pub fn standard() -> Self {
        Self {
            input: Box::new(io::BufReader::new(io::stdin())),
            output: Box::new(io::stdout()),
            error: Box::new(io::stderr()),
            terminal: [io::stdin().is_terminal(), io::stdout().is_terminal(), io::stderr().is_terminal()],
        }
    }
}

/// When output is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Erases the line that the cursor is in (ECMA-48 EL).
const ERASE: &str = "\x1b[2K";

/// Says to stderr, where no console is at hand, that another process is waited for.
pub(super) fn waits(quiet: bool) -> impl Fn(&Waiting) + Send + Sync + 'static {
    move |waiting| {
        if !quiet {
            note(waiting);
        }
    }
}

/// A line to stderr where no console is at hand; that nobody can be told is no reason to stop.
pub(super) fn note(words: &(impl std::fmt::Display + ?Sized)) {
    let _ = writeln!(io::stderr(), "{}", walled(Shown::of(words).as_str()));
}

/// What a command talks through.
pub struct Console {
    input: Box<dyn BufRead + Send>,
    output: Channel,
    error: Channel,
    asks: bool,
    quiet: bool,
    /// A line stands that the next one takes the place of.
    fleeting: bool,
}

struct Channel {
    stream: AutoStream<Box<dyn Write + Send>>,
    colored: bool,
    terminal: bool,
}

impl Channel {
    fn new(stream: Box<dyn Write + Send>, terminal: bool, color: Color) -> Self {
        let colored = match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => terminal && AutoStream::choice(&io::stderr()) != ColorChoice::Never,
        };
        let choice = if colored { ColorChoice::AlwaysAnsi } else { ColorChoice::Never };
        Self { stream: AutoStream::new(stream, choice), colored, terminal }
    }

    /// Words that are ready, behind the last wall: what can be nothing but a secret is not among them, whoever gave it.
    fn write(&mut self, words: &Shown) -> io::Result<()> {
        self.stream.write_all(walled(&mask_certain(words.as_str())).as_bytes())
    }
}

impl Console {
    /// On those streams.
    pub fn new(streams: Streams, color: Color, quiet: bool) -> Self {
        let [input, output, error] = streams.terminal;
        Self {
            input: streams.input,
            output: Channel::new(streams.output, output, color),
            error: Channel::new(streams.error, error, color),
            asks: input && error,
            quiet,
            fleeting: false,
        }
    }

    /// Whether data may carry colours; escape sequences are taken out where it may not.
    pub fn is_colored(&self) -> bool {
        self.output.colored
    }

    /// The same of stderr.
    pub fn is_error_colored(&self) -> bool {
        self.error.colored
    }

    /// Whether a person watches progress, so that a line may be redrawn.
    pub fn is_live(&self) -> bool {
        self.error.terminal && !self.quiet
    }

    /// Whether there is a person to ask.
    pub fn can_ask(&self) -> bool {
        self.asks
    }

    /// Data for people.
    pub fn data(&mut self, text: impl Into<Shown>) -> io::Result<()> {
        self.output.write(&text.into())?;
        self.output.stream.flush()
    }

    /// A file's text: byte for byte where it goes to a file or a program, and looked through for a person's screen.
    pub fn document(&mut self, text: &str) -> io::Result<()> {
        if self.output.terminal {
            return self.data(Shown::rendered(text));
        }
        self.output.stream.write_all(text.as_bytes())?;
        self.output.stream.flush()
    }

    /// A JSON document, indented, with a line break at its end.
    pub fn json(&mut self, value: &impl serde::Serialize) -> io::Result<()> {
        let text = words::json::pretty(value).map_err(io::Error::other)?;
        self.data(text)
    }

    /// One line of progress, silent under `--quiet`. Nobody listening is no failure.
    pub fn progress(&mut self, line: impl Into<Shown>) {
        if !self.quiet {
            self.say(line);
        }
    }

    /// One line to stderr that `--quiet` does not silence.
    pub fn say(&mut self, line: impl Into<Shown>) {
        if std::mem::take(&mut self.fleeting) {
            let _ = write!(self.error.stream, "\r{ERASE}");
        }
        let _ = self.error.write(&shown!("{}\n", line.into()));
        let _ = self.error.stream.flush();
    }

    /// A line that the next one takes the place of; only a person who watches sees it.
    pub fn fleeting(&mut self, line: impl Into<Shown>) {
        if self.is_live() {
            let _ = write!(self.error.stream, "\r{ERASE}");
            let _ = self.error.write(&line.into());
            let _ = self.error.stream.flush();
            self.fleeting = true;
        }
    }

    /// The line a command fails with, and its help.
    pub fn fail(&mut self, failure: &Failure) {
        let error = Shown::of("error").painted(AnsiColor::Red.on_default().bold());
        self.say(shown!("{}: {}", error, failure.message));
        if let Some(text) = &failure.help {
            let help = Shown::of("help").painted(Style::new().bold());
            self.say(shown!("  {}: {}", help, text));
        }
    }

    /// Asks the person for a line; `None` when there is nobody or they closed the input.
    pub fn ask(&mut self, question: impl Into<Shown>) -> io::Result<Option<String>> {
        if !self.asks {
            return Ok(None);
        }
        self.error.write(&shown!("{} ", question.into()))?;
        self.error.stream.flush()?;
        let mut answer = String::new();
        let read = self.input.read_line(&mut answer)?;
        Ok((read > 0).then(|| answer.trim().to_owned()))
    }
}
