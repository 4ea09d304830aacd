//! Foreign text in Markdown: always inside of code, where no name is mentioned, no number, digest or address becomes a
//! link, no image is loaded and no HTML is read.

use super::{Shown, visible};

/// A code span: behind more backticks than there are in a row inside.
pub fn code(text: &str) -> Shown {
    let text = visible(text);
    let fence = "`".repeat(longest(&text, '`') + 1);
    let pad = if text.is_empty() || text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    Shown::made(format!("{fence}{pad}{}{pad}{fence}", text.replace('|', "\\|")))
}

/// A code element, for the places in HTML where Markdown is not read.
pub fn html_code(text: &str) -> Shown {
    let text = visible(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    Shown::made(format!("<code>{}</code>", text.replace('"', "&quot;").replace('\'', "&#39;")))
}

/// A comment's text, in which nothing ends the comment.
pub fn comment(text: &str) -> Shown {
    let inside = visible(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    Shown::made(format!("<!-- {} -->", inside.replace("--", "-&#45;")))
}

/// A block of code that no line inside ends. The lines have no line break.
pub fn block(language: &'static str, lines: impl IntoIterator<Item = Shown>) -> Shown {
    let lines: Vec<Shown> = lines.into_iter().collect();
    let backticks = lines.iter().map(|line| longest(line.as_str(), '`')).max().unwrap_or(0);
    let fence = "`".repeat(backticks.max(2) + 1);
    let body: String = lines.iter().map(|line| format!("{}\n", line.as_str())).collect();
    Shown::made(format!("{fence}{language}\n{body}{fence}\n"))
}

fn longest(text: &str, letter: char) -> usize {
    text.split(|other| other != letter).map(str::len).max().unwrap_or(0)
}
