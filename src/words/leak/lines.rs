//! Lines as a shell reads them: one that ends with a backslash goes on in the next.

use std::ops::Range;

/// The ranges of a text's lines, without their ends; lines that go on are one.
pub(super) fn logical(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut rest = text.split_inclusive('\n').peekable();
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at;
        loop {
            let line = rest.next()?;
            at += line.len();
            let body = line.trim_end_matches(['\n', '\r']);
            if !body.ends_with('\\') || rest.peek().is_none() {
                return Some(start..at - (line.len() - body.len()));
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::logical;

    #[test]
    fn lines_that_go_on_are_one() {
        let text = "a\r\ncurl \\\n  -u x\n\nend \\";
        let lines: Vec<_> = logical(text).filter_map(|range| text.get(range)).collect();
        assert_eq!(lines, ["a", "curl \\\n  -u x", "", "end \\"]);
        assert_eq!(logical("").count(), 0);
    }
}
