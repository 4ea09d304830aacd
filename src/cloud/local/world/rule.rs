//! The rule of a composite alarm: `ALARM("a") OR NOT (OK(b) AND INSUFFICIENT_DATA(c))`.
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html>

use std::iter::Peekable;
use std::str::Chars;

use crate::cloud::AlarmValue;

/// Whether a rule holds, given the state of each alarm by name or ARN. What cannot be read does not hold.
pub(super) fn holds(rule: &str, state: &dyn Fn(&str) -> Option<AlarmValue>) -> bool {
    let mut tokens = tokens(rule).into_iter().peekable();
    any(&mut tokens, state, 0).unwrap_or(false)
}

/// Parentheses deeper than that are not followed.
const DEEPEST: usize = 32;

#[derive(Debug, PartialEq)]
enum Token {
    Word(String),
    Open,
    Close,
}

type Tokens = Peekable<std::vec::IntoIter<Token>>;
type States<'a> = &'a dyn Fn(&str) -> Option<AlarmValue>;

fn any(tokens: &mut Tokens, state: States<'_>, depth: usize) -> Option<bool> {
    let mut held = all(tokens, state, depth)?;
    while takes(tokens, "OR") {
        held |= all(tokens, state, depth)?;
    }
    Some(held)
}

fn all(tokens: &mut Tokens, state: States<'_>, depth: usize) -> Option<bool> {
    let mut held = one(tokens, state, depth)?;
    while takes(tokens, "AND") {
        held &= one(tokens, state, depth)?;
    }
    Some(held)
}

fn one(tokens: &mut Tokens, state: States<'_>, depth: usize) -> Option<bool> {
    if depth > DEEPEST {
        return None;
    }
    let wanted = match tokens.next()? {
        Token::Open => {
            let held = any(tokens, state, depth + 1)?;
            return (tokens.next()? == Token::Close).then_some(held);
        }
        Token::Close => return None,
        Token::Word(word) => match word.as_str() {
            "NOT" => return one(tokens, state, depth + 1).map(|held| !held),
            "TRUE" => return Some(true),
            "FALSE" => return Some(false),
            "ALARM" => AlarmValue::Alarm,
            "OK" => AlarmValue::Ok,
            "INSUFFICIENT_DATA" => AlarmValue::InsufficientData,
            _ => return None,
        },
    };
    let (Token::Open, Token::Word(name), Token::Close) = (tokens.next()?, tokens.next()?, tokens.next()?)
    else {
        return None;
    };
    Some(state(&name) == Some(wanted))
}

fn takes(tokens: &mut Tokens, word: &str) -> bool {
    tokens.next_if(|token| matches!(token, Token::Word(found) if found == word)).is_some()
}

fn tokens(rule: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut letters = rule.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '(' => found.push(Token::Open),
            ')' => found.push(Token::Close),
            '"' | '\'' => {
                found.push(Token::Word(letters.by_ref().take_while(|next| *next != letter).collect()))
            }
            space if space.is_whitespace() => {}
            first => found.push(Token::Word(word(first, &mut letters))),
        }
    }
    found
}

fn word(first: char, letters: &mut Peekable<Chars<'_>>) -> String {
    let mut word = String::from(first);
    while let Some(letter) = letters.next_if(|next| !next.is_whitespace() && !matches!(next, '(' | ')')) {
        word.push(letter);
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_follow_their_children() {
        // a is in ALARM, b is OK, c has no data, anything else is not there.
        let state = |name: &str| match name {
            "a" => Some(AlarmValue::Alarm),
            "b" => Some(AlarmValue::Ok),
            "c" => Some(AlarmValue::InsufficientData),
            _ => None,
        };
        let cases = [
            (r#"ALARM("a")"#, true),
            (r#"ALARM("b") OR ALARM("a")"#, true),
            (r#"ALARM("b") OR ALARM(c)"#, false),
            ("ALARM(a) AND NOT OK(b)", false),
            ("NOT (ALARM(b) AND ALARM(a))", true),
            ("ALARM(b) AND ALARM(b) OR ALARM(a)", true),
            ("INSUFFICIENT_DATA('c')", true),
            ("ALARM(absent)", false),
            ("ALARM(", false),
            ("TRUE", true),
            ("", false),
        ];
        for (rule, expected) in cases {
            assert_eq!(holds(rule, &state), expected, "{rule}");
        }
    }
}
