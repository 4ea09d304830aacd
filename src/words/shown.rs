//! Words that are ready for a screen, a log or a comment, and how they are made.

use std::cell::Cell;
use std::fmt::{self, Display, Write};

use anstyle::Style;

use super::Foreign;
use super::visible::push_visible;
use super::wall::walled;

/// Words that are ready to be shown: their line breaks, colours and escapes are ours, and whatever else is in them is
/// nothing but text. It has no [`Display`], so that it is not taken for foreign text when it is part of other words.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shown(String);

/// Makes [`Shown`] as `format!` makes a `String`: the literal is ours and may break lines, each argument is shown as foreign
/// text unless it is [`Shown`] already. Arguments are positional: a name inside of the literal would pass unlooked at, and does
/// not compile.
///
/// ```
/// let reason = "no\n::error::capacity";
/// assert_eq!(asagi::shown!("why   {}\n", reason).as_str(), "why   no\\n::error::capacity\n");
/// ```
#[macro_export]
macro_rules! shown {
    ($format:literal $(, $argument:expr)* $(,)?) => {{
        let gate = $crate::words::Gate::default();
        gate.write(::std::format_args!(::std::concat!($format) $(, gate.piece(&$argument))*))
    }};
}

impl Shown {
    /// Foreign text, in one line.
    pub fn of(value: &(impl Display + ?Sized)) -> Self {
        shown!("{}", value)
    }

    /// What a renderer of ours has made of text that it was given [`super::visible`]: colours and line breaks pass.
    pub fn rendered(text: &str) -> Self {
        Self(walled(text).into_owned())
    }

    /// In colour; nothing stays nothing.
    #[must_use]
    pub fn painted(self, style: Style) -> Self {
        if self.0.is_empty() || style == Style::new() {
            return self;
        }
        Self(format!("{style}{}{style:#}", self.0))
    }

    /// Adds words behind these.
    pub fn push(&mut self, more: impl Into<Self>) {
        self.0.push_str(&more.into().0);
    }

    /// Adds words and ends their line.
    pub fn line(&mut self, more: impl Into<Self>) {
        self.push(more);
        self.0.push('\n');
    }

    /// As they are, for who shows them.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Nothing to say.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Without white space at their end.
    #[must_use]
    pub fn trim_end(mut self) -> Self {
        self.0.truncate(self.0.trim_end().len());
        self
    }

    /// One after the other.
    pub fn join(items: impl IntoIterator<Item = impl Into<Self>>, between: &'static str) -> Self {
        let mut all = Self::default();
        for (index, item) in items.into_iter().enumerate() {
            if index > 0 {
                all.0.push_str(between);
            }
            all.push(item);
        }
        all
    }

    /// What a renderer of this module has made.
    pub(super) const fn made(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Shown {
    fn from(text: &str) -> Self {
        Self::of(text)
    }
}

impl From<String> for Shown {
    fn from(text: String) -> Self {
        Self::of(&text)
    }
}

impl From<&String> for Shown {
    fn from(text: &String) -> Self {
        Self::of(text)
    }
}

impl From<&Self> for Shown {
    fn from(shown: &Self) -> Self {
        shown.clone()
    }
}

impl From<&Foreign> for Shown {
    fn from(text: &Foreign) -> Self {
        shown!("{}", text)
    }
}

impl FromIterator<Self> for Shown {
    fn from_iter<I: IntoIterator<Item = Self>>(parts: I) -> Self {
        Self(parts.into_iter().map(|part| part.0).collect())
    }
}

/// What [`shown!`](crate::shown) takes as an argument: everything that can be displayed, as foreign text, and [`Shown`] as it is.
pub trait Show {
    /// Writes it. `foreign` is set while what is written is not ours.
    fn show(&self, f: &mut fmt::Formatter<'_>, foreign: &Cell<bool>) -> fmt::Result;
}

impl<T: Display + ?Sized> Show for T {
    fn show(&self, f: &mut fmt::Formatter<'_>, foreign: &Cell<bool>) -> fmt::Result {
        foreign.set(true);
        let done = self.fmt(f);
        foreign.set(false);
        done
    }
}

impl Show for &Foreign {
    fn show(&self, f: &mut fmt::Formatter<'_>, foreign: &Cell<bool>) -> fmt::Result {
        (**self).show(f, foreign)
    }
}

impl Show for Shown {
    fn show(&self, f: &mut fmt::Formatter<'_>, _: &Cell<bool>) -> fmt::Result {
        f.write_str(&self.0)?;
        let missing = f.width().unwrap_or(0).saturating_sub(width(&self.0));
        (0..missing).try_for_each(|_| f.write_char(' '))
    }
}

impl Show for &Shown {
    fn show(&self, f: &mut fmt::Formatter<'_>, foreign: &Cell<bool>) -> fmt::Result {
        (**self).show(f, foreign)
    }
}

impl Show for Foreign {
    fn show(&self, f: &mut fmt::Formatter<'_>, foreign: &Cell<bool>) -> fmt::Result {
        self.visible().show(f, foreign)
    }
}

/// Characters without those of colours.
fn width(text: &str) -> usize {
    anstream::adapter::strip_str(text).map(|part| part.chars().count()).sum()
}

/// Tells the writer of [`shown!`](crate::shown) which of what it writes is foreign.
#[derive(Debug, Default)]
pub struct Gate(Cell<bool>);

impl Gate {
    /// An argument.
    pub const fn piece<'a, T: Show + ?Sized>(&'a self, value: &'a T) -> Piece<'a, T> {
        Piece { value, foreign: &self.0 }
    }

    /// The literal with its arguments.
    pub fn write(&self, words: fmt::Arguments<'_>) -> Shown {
        let mut writer = Writer { text: String::new(), foreign: &self.0 };
        // A `Display` that fails leaves what it has written.
        let _ = writer.write_fmt(words);
        Shown(writer.text)
    }
}

/// An argument of [`shown!`](crate::shown).
#[derive(Debug)]
pub struct Piece<'a, T: ?Sized> {
    value: &'a T,
    foreign: &'a Cell<bool>,
}

impl<T: Show + ?Sized> Display for Piece<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.show(f, self.foreign)
    }
}

struct Writer<'a> {
    text: String,
    foreign: &'a Cell<bool>,
}

impl Write for Writer<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.foreign.get() {
            push_visible(&mut self.text, text);
        } else {
            self.text.push_str(text);
        }
        Ok(())
    }
}
