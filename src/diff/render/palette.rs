//! Colours, decided by the caller.

use anstyle::{AnsiColor, Style};

/// How each kind of line looks; everything is told in words too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Palette {
    /// Names of stacks.
    pub title: Style,
    /// What is new.
    pub added: Style,
    /// What goes.
    pub removed: Style,
    /// What changes in place.
    pub changed: Style,
    /// What is replaced.
    pub replaced: Style,
    /// Asides.
    pub quiet: Style,
}

impl Palette {
    /// No colours.
    pub fn plain() -> Self {
        Self::default()
    }

    /// The terminal's own colours.
    pub fn colour() -> Self {
        let colour = |colour: AnsiColor| Style::new().fg_color(Some(colour.into()));
        Self {
            title: Style::new().bold(),
            added: colour(AnsiColor::Green),
            removed: colour(AnsiColor::Red),
            changed: colour(AnsiColor::Yellow),
            replaced: colour(AnsiColor::Magenta).bold(),
            quiet: Style::new().dimmed(),
        }
    }
}
