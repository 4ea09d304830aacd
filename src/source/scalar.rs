//! What a plain scalar is: the YAML 1.2 core schema, except where it would quietly damage what people write.
//!
//! `yes`, `no`, `on`, `off` are text, as in YAML 1.2. Beyond it, digits with a leading zero (`012345678901`, an
//! account id) and integers too large for 64 bits are text, because as numbers they would lose digits.

use super::ScalarStyle;

/// A scalar with its type.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// Nothing, `~` or `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number; always fits `i64` or `u64`.
    Int(i128),
    /// Any other number. The text it came from is [`super::Node::raw`]: `1.10` is not `1.1` to a person.
    Float(f64),
    /// Text.
    Text(&'a str),
}

/// Types a scalar by its style and tag; a tag that is not of the core schema (`!Ref`) makes it text.
pub(super) fn resolve<'a>(text: &'a str, style: ScalarStyle, tag: Option<&str>) -> Value<'a> {
    match tag {
        Some("!!int" | "!!float" | "!!bool" | "!!null") => plain(text),
        Some(_) => Value::Text(text),
        None if style == ScalarStyle::Plain => plain(text),
        None => Value::Text(text),
    }
}

fn plain(text: &str) -> Value<'_> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ => number(text).unwrap_or(Value::Text(text)),
    }
}

/// What YAML 1.1 makes of a plain scalar, where that is not what [`resolve`] makes of it: CloudFormation reads templates so.
/// <https://yaml.org/type/bool.html>, <https://yaml.org/type/int.html>, <https://yaml.org/type/float.html>; `y` and `n`
/// alone are text to it.
pub(super) fn as_yaml_1_1(text: &str) -> Option<Value<'_>> {
    match text {
        "yes" | "Yes" | "YES" | "on" | "On" | "ON" => return Some(Value::Bool(true)),
        "no" | "No" | "NO" | "off" | "Off" | "OFF" => return Some(Value::Bool(false)),
        _ => {}
    }
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let is_fraction = |rest: &str| rest.starts_with(|c: char| c.is_ascii_digit()) && is_float(digits);
    let has_signed_fraction = digits != text && digits.strip_prefix('.').is_some_and(is_fraction);
    if has_signed_fraction || digits.strip_prefix("0o").is_some_and(|rest| radix(rest, 8).is_some()) {
        return Some(Value::Text(text));
    }
    if let Some(number) = float_1_1(digits) {
        return Some(Value::Float(if sign < 0 { -number } else { number }));
    }
    let plain = digits.replace('_', "");
    let is = |digits: &str, radix| !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix));
    let of = |digits: &str, radix| i128::from_str_radix(digits, radix).ok();
    let number = if let Some(binary) = plain.strip_prefix("0b").filter(|rest| is(rest, 2)) {
        of(binary, 2)
    } else if let Some(hex) = plain.strip_prefix("0x").filter(|rest| is(rest, 16) && plain != text) {
        of(hex, 16)
    } else if let Some(octal) = plain.strip_prefix('0').filter(|rest| is(rest, 8)) {
        of(octal, 8)
    } else if plain.starts_with(|c: char| ('1'..='9').contains(&c)) && plain.contains(':') {
        sexagesimal(&plain)
    } else if digits.contains('_') && digits.starts_with(|c: char| c.is_ascii_digit()) && is(&plain, 10) {
        of(&plain, 10)
    } else {
        None
    };
    integer(sign * number?)
}

/// A number with a point that YAML 1.2 takes for text: `01.5`, `1_000.5`, `12:30:45.5`.
fn float_1_1(digits: &str) -> Option<f64> {
    let (whole, fraction) =
        digits.split_once('.').filter(|_| digits.starts_with(|c: char| c.is_ascii_digit()))?;
    let (whole, fraction) = (whole.replace('_', ""), fraction.replace('_', ""));
    let is_other = whole.len() > 1 && whole.starts_with('0') || whole.contains(':') || digits.contains('_');
    let whole: i128 = if whole.contains(':') { sexagesimal(&whole)? } else { whole.parse().ok()? };
    let number = format!("{whole}.{fraction}");
    (is_other && is_float(&number)).then(|| number.parse().ok()).flatten()
}

/// `12:30:45` is a number of seconds, or of minutes and seconds.
fn sexagesimal(text: &str) -> Option<i128> {
    let mut parts = text.split(':');
    let first: i128 = parts.next()?.parse().ok()?;
    parts.try_fold(first, |sum, part| {
        let is_part = (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        let part: i128 = part.parse().ok().filter(|part| is_part && *part < 60)?;
        sum.checked_mul(60)?.checked_add(part)
    })
}

fn number(text: &str) -> Option<Value<'_>> {
    if let Some(digits) = text.strip_prefix("0x") {
        return radix(digits, 16);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return radix(digits, 8);
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    match unsigned {
        ".inf" | ".Inf" | ".INF" => {
            return Some(Value::Float(if text.starts_with('-') { f64::NEG_INFINITY } else { f64::INFINITY }));
        }
        ".nan" | ".NaN" | ".NAN" if text == unsigned => return Some(Value::Float(f64::NAN)),
        _ => {}
    }
    let whole = unsigned.bytes().take_while(u8::is_ascii_digit).count();
    if whole > 1 && unsigned.starts_with('0') {
        return None;
    }
    if whole == unsigned.len() && whole > 0 {
        return text.parse::<i128>().ok().and_then(integer);
    }
    is_float(unsigned).then(|| text.parse().ok().map(Value::Float)).flatten()
}

fn radix(digits: &str, radix: u32) -> Option<Value<'static>> {
    let all = digits.chars().all(|digit| digit.is_digit(radix));
    (all && !digits.is_empty()).then(|| i128::from_str_radix(digits, radix).ok().and_then(integer)).flatten()
}

fn integer(number: i128) -> Option<Value<'static>> {
    (i128::from(i64::MIN)..=i128::from(u64::MAX)).contains(&number).then_some(Value::Int(number))
}

/// `(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
fn is_float(text: &str) -> bool {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mantissa_ok = digits(whole) && digits(fraction) && !(whole.is_empty() && fraction.is_empty());
    let exponent_ok = exponent.is_none_or(|exponent| {
        let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        !exponent.is_empty() && digits(exponent)
    });
    mantissa_ok && exponent_ok
}

#[cfg(test)]
mod tests {
    use super::{Value::*, *};

    #[test]
    fn plain_scalars_get_the_type_a_person_means() {
        for (text, value) in [
            ("", Null),
            ("~", Null),
            ("true", Bool(true)),
            ("yes", Text("yes")),
            ("off", Text("off")),
            ("0", Int(0)),
            ("-12", Int(-12)),
            ("0x1F", Int(31)),
            ("0o17", Int(15)),
            ("18446744073709551615", Int(18_446_744_073_709_551_615)),
            ("123456789012345678901234", Text("123456789012345678901234")),
            ("012345678901", Text("012345678901")),
            ("-01", Text("-01")),
            ("01.5", Text("01.5")),
            ("1.10", Float(1.1)),
            (".5", Float(0.5)),
            ("1e3", Float(1000.0)),
            ("-.inf", Float(f64::NEG_INFINITY)),
            ("1.2.3", Text("1.2.3")),
            ("12:30", Text("12:30")),
            ("2012-10-17", Text("2012-10-17")),
            ("0x", Text("0x")),
            ("0x-1", Text("0x-1")),
            (".", Text(".")),
            ("-", Text("-")),
            ("e5", Text("e5")),
            ("inf", Text("inf")),
        ] {
            assert_eq!(resolve(text, ScalarStyle::Plain, None), value, "{text:?}");
        }
    }

    #[test]
    fn yaml_1_1_makes_something_else_of_some() {
        for (text, value) in [
            ("NO", Some(Bool(false))),
            ("n", None),
            ("017", Some(Int(15))),
            ("018", None),
            ("0_", Some(Int(0))),
            ("1_000", Some(Int(1000))),
            ("_1", None),
            ("-0x1F", Some(Int(-31))),
            ("0x_1F", Some(Int(31))),
            ("0x1F", None),
            ("0o17", Some(Text("0o17"))),
            ("0b101", Some(Int(5))),
            ("-1:30", Some(Int(-90))),
            ("0:30", None),
            ("12:30:45.5", Some(Float(45045.5))),
            ("01.5", Some(Float(1.5))),
            ("-1_000.5", Some(Float(-1000.5))),
            ("1.5", None),
            ("-.5", Some(Text("-.5"))),
            (".5", None),
            ("1.2.3", None),
            ("-.inf", None),
            ("2012-10-17", None),
        ] {
            assert_eq!(as_yaml_1_1(text), value, "{text:?}");
        }
    }

    #[test]
    fn quotes_and_tags_decide() {
        assert_eq!(resolve("1", ScalarStyle::Quoted, None), Text("1"));
        assert_eq!(resolve("1", ScalarStyle::Plain, Some("!!str")), Text("1"));
        assert_eq!(resolve("1", ScalarStyle::Quoted, Some("!!int")), Int(1));
        assert_eq!(resolve("1", ScalarStyle::Plain, Some("!Ref")), Text("1"));
    }
}
