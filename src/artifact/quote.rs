//! Text that stays text, whatever it holds: through Sceptre's Jinja, then through a YAML 1.1 reader.

use std::fmt::Write as _;

/// A double-quoted YAML scalar without any of Jinja's delimiters in it. `{` is written as an escape where it would
/// open one, so Jinja sees nothing and YAML gives it back.
pub(super) fn quote(text: &str) -> String {
    let mut quoted = String::from("\"");
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let opens = character == '{' && matches!(characters.peek(), Some('{' | '%' | '#'));
        let _ = match character {
            '"' => write!(quoted, "\\\""),
            '\\' => write!(quoted, "\\\\"),
            '\n' => write!(quoted, "\\n"),
            '\t' => write!(quoted, "\\t"),
            _ if opens => write!(quoted, "\\x7B"),
            _ if is_unprintable(character) => write!(quoted, "\\U{:08X}", u32::from(character)),
            _ => write!(quoted, "{character}"),
        };
    }
    quoted.push('"');
    quoted
}

/// Characters that a YAML 1.1 reader refuses or takes for a line end. <https://yaml.org/spec/1.1/#id868518>
pub(super) fn is_unprintable(character: char) -> bool {
    matches!(
        character,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jinja_sees_no_delimiter_and_yaml_no_line_end() {
        let cases = [
            ("!cmd rm", r#""!cmd rm""#),
            ("{{ 7 * 7 }}", r#""\x7B{ 7 * 7 }}""#),
            ("{{{% a %}{# b #}", r#""\x7B\x7B\x7B% a %}\x7B# b #}""#),
            (r#"{"v":1}"#, r#""{\"v\":1}""#),
            ("a\\b\n浅葱\u{85}\u{0}", r#""a\\b\n浅葱\U00000085\U00000000""#),
        ];
        for (text, quoted) in cases {
            assert_eq!(quote(text), quoted);
            let read: String = serde_yaml::from_str(quoted).unwrap();
            assert_eq!(read, text);
        }
    }
}
