//! Lines of a file as they are quoted: what nobody sees is shown, secrets are masked, and places keep their letters.

use std::ops::Range;

use crate::source::SourceFile;
use crate::words::{MASK, escaped, is_escaped};

/// The quoted text, and where each byte of the file's has gone.
pub(super) struct Window {
    pub(super) text: String,
    /// Pairs of offsets from which on both texts go side by side; in between, the first stands for all.
    moved: Vec<(usize, usize)>,
}

impl Window {
    /// The bytes of a file's text from `lines`, which begin and end with a line.
    pub(super) fn of(file: &SourceFile, lines: Range<usize>) -> Self {
        let (file, hidden) = (&*file.text, file.hidden().iter());
        let mut hidden = hidden.filter(|range| range.start < lines.end && range.end > lines.start).peekable();
        let mut window = Self { text: String::new(), moved: vec![(0, 0)] };
        let mut at = lines.start;
        while let Some(c) = file.get(at..lines.end).and_then(|rest| rest.chars().next()) {
            if let Some(range) = hidden.next_if(|range| range.start <= at) {
                let end = range.end.min(lines.end);
                // The line numbers beside what follows stay right.
                let breaks = "\n".repeat(file.get(at..end).unwrap_or_default().matches('\n').count());
                window.replace(at - lines.start..end - lines.start, &format!("{MASK}{breaks}"));
                at = end;
                continue;
            }
            let next = at + c.len_utf8();
            let after = file.get(next..).and_then(|rest| rest.chars().next());
            match c {
                '\n' | '\t' => window.text.push(c),
                '\r' if after == Some('\n') => window.replace(at - lines.start..next - lines.start, ""),
                c if is_escaped(&window.text, c, after) => {
                    window.replace(at - lines.start..next - lines.start, &escaped(c));
                }
                c => window.text.push(c),
            }
            at = next;
        }
        window
    }

    fn replace(&mut self, range: Range<usize>, text: &str) {
        self.moved.push((range.start, self.text.len()));
        self.text.push_str(text);
        self.moved.push((range.end, self.text.len()));
    }

    /// Where an offset from the beginning of the lines has gone.
    pub(super) fn offset(&self, offset: usize) -> usize {
        let index = self.moved.partition_point(|(before, _)| *before <= offset);
        let (before, after) = self.moved.get(index.saturating_sub(1)).copied().unwrap_or_default();
        let end = self.moved.get(index).map_or(self.text.len(), |(_, after)| *after);
        let mut at = (after + (offset - before)).min(end);
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }
}
