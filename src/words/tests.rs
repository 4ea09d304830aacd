//! What nobody sees is seen, what is ours passes, and nothing else does anything.

use anstyle::AnsiColor;
use proptest::prelude::*;

use super::*;
use crate::shown;

#[test]
fn what_nobody_sees_is_shown_and_what_people_write_stays() {
    for (text, expected) in [
        (
            "plain 浅葱 é e\u{301} が か\u{3099} \u{3000}全角",
            "plain 浅葱 é e\u{301} が か\u{3099} \u{3000}全角",
        ),
        (
            "❤\u{fe0f} 1\u{fe0f}\u{20e3} 👩\u{200d}💻 👨‍👩‍👧 👍🏽 葛\u{e0100}",
            "❤\u{fe0f} 1\u{fe0f}\u{20e3} 👩\u{200d}💻 👨‍👩‍👧 👍🏽 葛\u{e0100}",
        ),
        ("a\r\n\tb\0", r"a\r\n\tb\u{0}"),
        ("\u{1b}[2J\u{9b}2J\u{7f}\u{7}", r"\u{1b}[2J\u{9b}2J\u{7f}\u{7}"),
        ("a\u{202e}b\u{2066}c\u{200f}d\u{61c}", r"a\u{202e}b\u{2066}c\u{200f}d\u{61c}"),
        ("a\u{200b}b\u{200d}c\u{2060}d\u{feff}e\u{ad}", r"a\u{200b}b\u{200d}c\u{2060}d\u{feff}e\u{ad}"),
        (
            "a\u{e0041}\u{e007f} \u{2028}\u{fff9}\u{3164}\u{fdd0}",
            r"a\u{e0041}\u{e007f} \u{2028}\u{fff9}\u{3164}\u{fdd0}",
        ),
        (
            "a\u{fe0f} 😀\u{fe00}\u{fe01} ☀\u{fe0e}\u{fe0f} x\u{e0100}",
            "a\\u{fe0f} 😀\\u{fe00}\\u{fe01} ☀\u{fe0e}\\u{fe0f} x\\u{e0100}",
        ),
        ("ami-0\u{fe0f} 漢\u{fe0f} 漢\u{fe00} ⠀", "ami-0\\u{fe0f} 漢\\u{fe0f} 漢\u{fe00} \\u{2800}"),
        ("e\u{301}\u{301}\u{301}\u{301}\u{301}", "e\u{301}\u{301}\u{301}\u{301}\\u{301}"),
        ("##[error]x ##vso[task]y # ## [a]", r"##\u{5b}error]x ##vso\u{5b}task]y # ## [a]"),
    ] {
        assert_eq!(visible(text), expected, "{text:?}");
    }
    assert_eq!(visible(&"x".repeat(20_000)).chars().count(), 16_385);
}

#[test]
fn only_the_literal_and_what_is_shown_already_are_ours() {
    let (role, count, reason) = ("web", 3, "no\n::error::\u{1b}[2J");
    let red = Shown::of(&"goes back").painted(AnsiColor::Red.on_default());
    let words = shown!("{:<6}|{:>3}|{:02}\n{}: {}", role, count, count, red, reason);
    let expected = "web   |  3|03\n\u{1b}[31mgoes back\u{1b}[0m: no\\n::error::\\u{1b}[2J";
    assert_eq!(words.as_str(), expected);
    assert_eq!(shown!("{:<10}|", red).as_str(), "\u{1b}[31mgoes back\u{1b}[0m |");
    assert_eq!(Shown::from(words.as_str()).as_str().matches('\u{1b}').count(), 0, "a text is foreign again");
    assert_eq!(shown!("{}", Foreign::from("a\rb")).as_str(), r"a\rb");
    assert_eq!(format!("{:?} {:?}", Foreign::from("a\rb"), Secret::from("hunter2")), r#""a\rb" (secret)"#);
}

#[test]
fn the_wall_lets_colours_and_line_breaks_pass() {
    for (text, expected) in [
        ("\u{1b}[1;31mred\u{1b}[0m\nnext", "\u{1b}[1;31mred\u{1b}[0m\nnext"),
        ("\u{1b}[2Ja\u{1b}]0;t\u{7}\rb", r"\u{1b}[2Ja\u{1b}]0;t\u{7}\rb"),
        (
            "::error::x\n  ::group::\n\u{1b}[1m::x::",
            "\\u{3a}:error::x\n  \\u{3a}:group::\n\u{1b}[1m\\u{3a}:x::",
        ),
        ("  ::: environments/base.yaml:3:4\na::b", "  ::: environments/base.yaml:3:4\na::b"),
        // Colours are taken out where a stream is no terminal, and would leave a command behind.
        (":\u{1b}[m:error::x", "\\u{3a}\u{1b}[m:error::x"),
        ("##\u{1b}[1m[error]x", "##\u{1b}[1m\\u{5b}error]x"),
    ] {
        assert_eq!(walled(text), expected, "{text:?}");
    }
}

#[test]
fn markdown_is_inert_in_code() {
    let text = "a`b``c @ops #12 <img src=x> ![i](u) --> | \u{202e}";
    assert_eq!(markdown::code(text).as_str(), "```a`b``c @ops #12 <img src=x> ![i](u) --> \\| \\u{202e}```");
    assert_eq!(markdown::code("`").as_str(), "`` ` ``");
    assert_eq!(markdown::html_code("</code>\"").as_str(), "<code>&lt;/code&gt;&quot;</code>");
    assert_eq!(markdown::comment("a --> b").as_str(), "<!-- a -&#45;&gt; b -->");
    let block = markdown::block("diff", ["+ ```".into(), "- x".into()]);
    assert_eq!(block.as_str(), "````diff\n+ ```\n- x\n````\n");
}

#[test]
fn json_keeps_its_value_and_shows_it() {
    let value = serde_json::json!({ "a\u{202e}": "浅葱\u{9b}\u{e0041}\n##[error]", "list": [1] });
    let text = json::pretty(&value).unwrap();
    assert!(
        text.as_str().contains("\"a\\u202e\": \"浅葱\\u009b\\udb40\\udc41\\n##\\u005berror]\""),
        "{text:?}"
    );
    assert_eq!(serde_json::from_str::<serde_json::Value>(text.as_str()).unwrap(), value);
}

#[test]
fn secrets_are_masked_and_their_names_stay() {
    for (text, expected) in [
        ("export KEY=AKIAIOSFODNN7EXAMPLE x", "export KEY=**** x"),
        ("a\n-----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY-----\nb", "a\n****\nb"),
        ("-----BEGIN PRIVATE KEY-----\nMII", "****"),
        ("jdbc:mysql://app:hunter22@db/app", "jdbc:mysql://app:****@db/app"),
        ("https://${user}:${password}@host/", "https://${user}:${password}@host/"),
        ("  MasterUserPassword: hunter22 # x", "  MasterUserPassword: **** # x"),
        (
            r#"{ "db_password": "a b", "api-key": 'x', n: 1 }"#,
            r#"{ "db_password": "****", "api-key": '****', n: 1 }"#,
        ),
        (
            "export DB_PASSWORD=hunter22; run --password hunter2 -p",
            "export DB_PASSWORD=****; run --password **** -p",
        ),
        ("password: '{{resolve:secretsmanager:a}}'", "password: '{{resolve:secretsmanager:a}}'"),
        ("PASSWORD=$(aws ssm get-parameter)", "PASSWORD=$(aws ssm get-parameter)"),
        ("password: !Ref Pw, passwordLength: 12", "password: !Ref Pw, passwordLength: 12"),
        ("secret: ops/pagerduty, KmsKey: abc, token: x", "secret: ops/pagerduty, KmsKey: abc, token: x"),
    ] {
        assert_eq!(mask(text), expected, "{text}");
    }
}

proptest! {
    #[test]
    fn nothing_but_text_comes_out(text in r"(?s)[\x1b\x00-\x1f\x7f-\x9f\[\];:#a-z0-9m\u{202a}-\u{202e}\u{200b}-\u{200f}浅\u{fe0f}\u{e0041}]{0,60}") {
        let is_plain = |text: &str| unseen(text).all(|(_, c)| c == '\n') && !text.contains('\u{1b}');
        prop_assert!(is_plain(&visible(&text)) && !visible(&text).contains('\n'));
        let colourless = anstream::adapter::strip_str(&walled(&text)).to_string();
        prop_assert!(is_plain(&colourless), "{colourless:?}");
        prop_assert!(!colourless.lines().any(|line| line.trim_start().starts_with("::") && !line.trim_start().starts_with("::: ")));
        let once = walled(&text);
        prop_assert_eq!(&walled(&once), &once);
    }

    #[test]
    fn masking_ends_and_keeps_the_rest(text in r"[pP]assword|[a-z:=\x22' \n]{0,40}(password|AKIA[A-Z]{16}|://a:b@c|apiKey)[a-z:=\x22' \n浅]{0,40}") {
        let masked = mask(&text);
        prop_assert_eq!(mask(&masked).lines().count(), masked.lines().count());
    }
}
