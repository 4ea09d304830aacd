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
/// tags, the fifth mark on one letter. A joiner between two emoji, and a selector after what has variants, are part of what
/// is seen.
pub fn is_unseen(before: &str, c: char, after: Option<char>) -> bool {
    match c {
        ' '..='~' => false,
        '\u{200d}' => !(last_visible(before).is_some_and(is_emoji) && after.is_some_and(is_emoji)),
        '\u{fe00}'..='\u{fe0f}' => !before.chars().next_back().is_some_and(has_variants),
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

/// What Unicode lets a screen leave out (`Default_Ignorable_Code_Point`) beyond what its category says, and noncharacters.
/// <https://www.unicode.org/Public/UCD/latest/ucd/DerivedCoreProperties.txt>
fn is_ignorable(c: char) -> bool {
    matches!(
        c,
        '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{ffa0}' | '\u{fdd0}'..='\u{fdef}' | '\u{fff0}'..='\u{fff8}' | '\u{e0000}'..='\u{e0fff}'
    ) || u32::from(c) & 0xfffe == 0xfffe
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

/// What a text or picture presentation can be chosen for: digits of keycaps, symbols, ideographs.
fn has_variants(c: char) -> bool {
    matches!(c, '#' | '*' | '0'..='9' | '©' | '®')
        || is_emoji(c)
        || is_ideograph(c)
        || matches!(c, '\u{2000}'..='\u{2bff}' | '\u{3030}' | '\u{303d}' | '\u{3297}' | '\u{3299}')
            && get_general_category(c) != GeneralCategory::Format
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}
