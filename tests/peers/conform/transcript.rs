//! What was seen, in lines that two targets can be compared by: ids are named, times are left out, and what runs at the
//! same time stands in the order of names.

use std::fmt::{self, Write};

use asagi::cfn::StackEvent;

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Line {
    /// What was called.
    Call(String),
    /// What came of it, or what is to be seen afterwards.
    Fact(String),
    /// The stack became something.
    Stack(Word),
    /// A resource became something.
    Resource {
        /// Its logical id.
        id: String,
        /// What it became.
        word: Word,
    },
}

/// A status, and the reason given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) status: String,
    pub(super) reason: Option<String>,
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.reason {
            Some(reason) => write!(f, "{} ({reason})", self.status),
            None => f.write_str(&self.status),
        }
    }
}

/// Events as lines. Between two events of the stack, resources stand in the order of their names.
pub(super) fn of_events(events: &[StackEvent], named: impl Fn(&str) -> String) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut beside: Vec<(String, Word)> = Vec::new();
    let settle = |beside: &mut Vec<(String, Word)>, lines: &mut Vec<Line>| {
        beside.sort_by(|(one, _), (other, _)| one.cmp(other));
        lines.extend(beside.drain(..).map(|(id, word)| Line::Resource { id, word }));
    };
    for event in events {
        let reason = event.reason.as_ref().map(|reason| named(reason.as_given().trim()));
        let word = Word { status: event.status.to_string(), reason };
        if event.is_of_stack() {
            settle(&mut beside, &mut lines);
            lines.push(Line::Stack(word));
        } else {
            beside.push((event.logical_id.clone(), word));
        }
    }
    settle(&mut beside, &mut lines);
    lines
}

/// A call, and all that came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Section {
    /// What was called.
    pub(super) call: String,
    /// What came of it.
    pub(super) lines: Vec<Line>,
}

impl Section {
    /// Why the call was refused, if it was.
    pub(super) fn refusal(&self) -> Option<&str> {
        self.lines.iter().find_map(|line| match line {
            Line::Fact(fact) if fact.starts_with("refused, ") => Some(fact.as_str()),
            _ => None,
        })
    }
}

/// The lines, call by call.
pub(super) fn sections(lines: &[Line]) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for line in lines {
        match (line, sections.last_mut()) {
            (Line::Call(call), _) => sections.push(Section { call: call.clone(), lines: Vec::new() }),
            (line, Some(section)) => section.lines.push(line.clone()),
            (line, None) => panic!("{line:?} comes before any call"),
        }
    }
    sections
}

/// All lines; what one resource became stands in one.
pub(super) fn text(sections: &[Section]) -> String {
    let mut text = String::new();
    let calls = sections.iter().flat_map(|section| {
        std::iter::once(Line::Call(section.call.clone())).chain(section.lines.iter().cloned())
    });
    let mut before: Option<String> = None;
    for line in calls {
        match &line {
            Line::Resource { id, word } if before.as_ref() == Some(id) => write!(text, ", {word}"),
            Line::Resource { id, word } => write!(text, "\n  {id}: {word}"),
            Line::Call(call) => write!(text, "\n{call}"),
            Line::Fact(fact) => write!(text, "\n    {fact}"),
            Line::Stack(word) => write!(text, "\n  -- {word}"),
        }
        .unwrap();
        before = match line {
            Line::Resource { id, .. } => Some(id),
            _ => None,
        };
    }
    text.trim_start_matches('\n').to_owned() + "\n"
}

/// Both transcripts side by side, aligned where they are the same.
pub(super) fn beside(left: &[Section], right: &[Section]) -> String {
    const WIDTH: usize = 96;
    let (left, right) = (text(left), text(right));
    let mut shown = format!("{:WIDTH$} | {}\n", "EMBEDDED", "SERVER");
    let diff = similar::TextDiff::from_lines(&left, &right);
    for change in diff.iter_all_changes() {
        let line = change.value().trim_end_matches('\n');
        match change.tag() {
            similar::ChangeTag::Equal => writeln!(shown, "{line:WIDTH$} | {line}"),
            similar::ChangeTag::Delete => writeln!(shown, "{line:WIDTH$} <"),
            similar::ChangeTag::Insert => writeln!(shown, "{:WIDTH$} > {line}", ""),
        }
        .unwrap();
    }
    shown
}
