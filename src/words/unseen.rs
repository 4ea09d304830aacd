//! Which characters nobody sees where they stand, or which turn or hide what stands beside them.

use unicode_general_category::{GeneralCategory, get_general_category};

/// So many marks in a row may stand on one letter; more cover the lines around.
const MARKS: usize = 4;

/// Every character of a text that [`is_unseen`] there, with its byte offset. Line breaks and tabs are among them.
pub fn unseen(text: &str) -> impl Iterator<Item = (usize, char)> + '_ {
    text.char_indices().filter(|(at, c)| {
        let (before, rest) = text.split_at_checked(*at).unwrap_or_default();
        is_unseen(before, *c, rest.chars().nth(1))
    })
}

/// Whether a character is not shown as itself where it stands: control characters, marks of direction, what has no width,
/// tags, blanks that are no spaces, the fifth mark on one letter. A joiner between two emoji, and a selector after what has
/// variants, are part of what is seen.
pub fn is_unseen(before: &str, c: char, after: Option<char>) -> bool {
    match c {
        ' '..='~' => false,
        '\u{200d}' => !(last_visible(before).is_some_and(is_emoji) && after.is_some_and(is_emoji)),
        '\u{fe00}'..='\u{fe0f}' => {
            !before.chars().next_back().is_some_and(|base| has_variant(base, c, after))
        }
        '\u{e0100}'..='\u{e01ef}' => !before.chars().next_back().is_some_and(is_ideograph),
        c if is_ignorable(c) => true,
        c => match get_general_category(c) {
            GeneralCategory::Control
            | GeneralCategory::Format
            | GeneralCategory::LineSeparator
            | GeneralCategory::ParagraphSeparator => true,
            GeneralCategory::NonspacingMark | GeneralCategory::EnclosingMark => {
                before.chars().rev().take(MARKS).filter(|c| is_mark(*c)).count() == MARKS
            }
            _ => false,
        },
    }
}

/// What Unicode lets a screen leave out (`Default_Ignorable_Code_Point`) beyond what its category says, noncharacters, and
/// two symbols that have no ink: the blank of Braille and the null of music.
/// <https://www.unicode.org/Public/UCD/latest/ucd/DerivedCoreProperties.txt>
fn is_ignorable(c: char) -> bool {
    matches!(
        c,
        '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{2060}'..='\u{206f}'
            | '\u{2800}' | '\u{3164}' | '\u{ffa0}' | '\u{fdd0}'..='\u{fdef}' | '\u{fff0}'..='\u{fff8}' | '\u{1d159}' | '\u{e0000}'..='\u{e0fff}'
    ) || u32::from(c) & 0xfffe == 0xfffe
}

/// What people call a character that nobody sees, to be read after its number: `a mark of direction`.
pub fn unseen_name(c: char) -> &'static str {
    match c {
        '\0' => "the null character",
        '\u{1b}' => "an escape, which begins commands to a terminal",
        '\u{9b}' | '\u{9d}' => "a control sequence, which begins commands to a terminal",
        '\r' => "a carriage return",
        '\u{ad}' => "a soft hyphen",
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            "a mark of direction"
        }
        '\u{200b}' => "a space without width",
        '\u{200c}' | '\u{200d}' | '\u{2060}' | '\u{34f}' => "a joiner without width",
        '\u{feff}' => "a byte order mark",
        '\u{85}' | '\u{2028}' | '\u{2029}' => "a line break that few programs know",
        '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' | '\u{2800}' => "a blank that is no space",
        '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' | '\u{180b}'..='\u{180f}' => {
            "a selector of variants"
        }
        '\u{e0000}'..='\u{e007f}' => "a tag",
        c if is_mark(c) => "the fifth mark on one letter",
        c if c.is_control() => "a control character",
        _ => "a character without a shape",
    }
}

fn is_mark(c: char) -> bool {
    matches!(get_general_category(c), GeneralCategory::NonspacingMark | GeneralCategory::EnclosingMark)
}

/// The last character but for a selector of variants.
fn last_visible(before: &str) -> Option<char> {
    before.trim_end_matches('\u{fe0f}').chars().next_back()
}

/// Pictures, and the tones of skin: what a joiner makes one picture of.
fn is_emoji(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{21ff}' | '\u{2600}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
}

/// Whether that selector chooses a variant of what it follows: text or picture of an emoji, of a digit only where a keycap
/// comes after it; the form of an ideograph or of its punctuation, the weight of a symbol.
/// <https://www.unicode.org/Public/UCD/latest/ucd/StandardizedVariants.txt>,
/// <https://www.unicode.org/Public/UCD/latest/ucd/emoji/emoji-variation-sequences.txt>
fn has_variant(base: char, selector: char, after: Option<char>) -> bool {
    match (base, selector) {
        ('#' | '*' | '0'..='9', '\u{fe0e}' | '\u{fe0f}') => after == Some('\u{20e3}'),
        (_, '\u{fe0e}' | '\u{fe0f}') => {
            is_emoji(base)
                || matches!(
                    base,
                    '©' | '®' | '‼' | '⁉' | '\u{2122}' | '\u{2139}' | '\u{2300}'
                        ..='\u{25ff}' | '\u{3030}' | '\u{303d}'
                )
                || matches!(base, '\u{3297}' | '\u{3299}')
        }
        (_, '\u{fe00}'..='\u{fe02}') => {
            is_ideograph(base)
                || matches!(base, '、' | '。' | '！' | '，' | '．' | '：' | '；' | '？')
                || matches!(base, '\u{2200}'..='\u{22ff}' | '\u{2a00}'..='\u{2aff}')
        }
        _ => false,
    }
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}
