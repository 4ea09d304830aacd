//! The beginning of a text that may be as long as a file.

use std::borrow::Cow;

/// At most `most` characters of a text, and `…` where there are more.
pub fn beginning(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        Some((end, _)) => Cow::Owned(format!("{}…", text.get(..end).unwrap_or_default())),
        None => Cow::Borrowed(text),
    }
}

/// What a finding quotes of its input: the beginning is enough to find it by.
pub fn brief(text: &str) -> Cow<'_, str> {
    beginning(text, 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_shown_as_left_out() {
        for (text, most, expected) in
            [("浅葱", 2, "浅葱"), ("浅葱色", 2, "浅葱…"), ("", 0, ""), ("a", 0, "…"), ("a\nb", 3, "a\nb")]
        {
            assert_eq!(beginning(text, most), expected);
        }
    }
}
