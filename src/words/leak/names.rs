//! Names that say what their value is: `DB_PASSWORD=…`, `"client_secret": "…"`, `MasterUserPassword: …`.

use std::ops::Range;

use regex::Captures;

use super::literal::{is_given, is_literal, is_name, is_random};
use super::rows::{Judge, Row, Strictness};

const WHAT: &str = "a secret by its name";

/// A name and what is given to it, in the ways of shells, YAML, JSON, properties and programs.
pub(super) const ROW: Row = Row {
    what: WHAT,
    signs: &[
        "pass",
        "pwd",
        "_pw",
        "secret",
        "token",
        "apikey",
        "api_key",
        "api-key",
        "appkey",
        "app_key",
        "app-key",
        "accesskey",
        "access_key",
        "access-key",
        "private",
        "encryption",
        "signing",
        "master",
        "license",
        "account_key",
        "accountkey",
        "shared_key",
        "sharedkey",
        "credential",
        "auth",
    ],
    pattern: concat!(
        r#"(?i)(?P<name>[a-z0-9_.-]*(?:passwords?|passwd|passphrase|passcode|pass|pwd|pw|secret[_-]?string|secret|token|credentials?|auth"#,
        r#"|(?:api|app|application|access|secret|private|encryption|signing|master|license|account|shared|storage|session|hmac)[_.-]?key))"#,
        r#"(?:\\?["'\]]){0,2}(?P<before>\s{0,16})(?P<sign>=>|:=|=|:)(?P<after>\s{0,16})"#,
        r#"(?:\\?"(?P<double>(?:[^"\\]|\\[^"])+)|'(?P<single>[^']+)|(?P<bare>[^\s"'&;|=<>][^\s"'&;|<>]*))"#,
    ),
    judge: Judge::Named,
};

/// What is known of a value by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    /// Whatever is written there is the secret.
    Any,
    /// A word of some length is: names of places have a slash, or words between hyphens.
    Word,
    /// Only what looks drawn by lot is.
    Random,
}

/// Names whose value CloudFormation takes as the secret itself, in any form.
const TAKEN: [&str; 6] =
    ["secretstring", "masteruserpassword", "masterpassword", "dbpassword", "rootpassword", "adminpassword"];

/// What a name says of its value; none for the names of other things.
fn family(name: &str) -> Option<Family> {
    let plain: String =
        name.chars().filter(|c| c.is_ascii_alphanumeric()).map(|c| c.to_ascii_lowercase()).collect();
    let ends = |words: &[&str]| words.iter().any(|word| plain.ends_with(word));
    const OTHERS: [&str; 21] = [
        "nexttoken",
        "clienttoken",
        "requesttoken",
        "continuationtoken",
        "pagetoken",
        "idempotencytoken",
        "publickey",
        "csrftoken",
        "bypass",
        "compass",
        "mousepass",
        "oldpwd",
        "randompassword",
        "generatepassword",
        "usepassword",
        "requirepassword",
        "requiresecret",
        "httptoken",
        "synctoken",
        "changetoken",
        "endoftoken",
    ];
    if ends(&OTHERS) || plain == "pwd" || plain == "author" {
        return None;
    }
    if ends(&["password", "passwords", "passwd", "passphrase", "passcode", "secretstring"])
        || is_short_word(name)
    {
        return Some(Family::Any);
    }
    if plain != "secret"
        && plain != "token"
        && ends(&[
            "secret",
            "authtoken",
            "accesstoken",
            "refreshtoken",
            "sessiontoken",
            "apikey",
            "secretkey",
            "secretaccesskey",
            "privatekey",
        ])
    {
        return Some(Family::Word);
    }
    const KEYS: [&str; 16] = [
        "token",
        "secret",
        "appkey",
        "applicationkey",
        "accesskey",
        "encryptionkey",
        "signingkey",
        "masterkey",
        "licensekey",
        "accountkey",
        "sharedkey",
        "storagekey",
        "sessionkey",
        "hmackey",
        "credential",
        "credentials",
    ];
    (ends(&KEYS) || plain == "auth" || ends(&["dockerauth", "registryauth"])).then_some(Family::Random)
}

/// `DB_PASS`, `pwd`, `dbPass`, `mysql-pw`: short words count only where they are words.
fn is_short_word(name: &str) -> bool {
    ["pass", "pwd", "pw"].iter().any(|word| {
        let Some(at) = name.len().checked_sub(word.len()) else { return false };
        let Some((before, end)) = name.split_at_checked(at) else { return false };
        let camel = end.starts_with('P') && before.ends_with(|c: char| c.is_ascii_lowercase());
        let apart = before.is_empty() || before.ends_with(['_', '-', '.']);
        end.eq_ignore_ascii_case(word) && (apart || camel)
    })
}

/// Whether a value under this name is a secret, whatever it looks like: `MasterUserPassword`, `DB_PASSWORD`, `api-key`.
pub fn is_secret_name(name: &str) -> bool {
    matches!(family(name), Some(Family::Any | Family::Word))
}

/// Whether a word is itself the name of a secret, as a program writes it for its value.
pub(super) fn says_secret(word: &str) -> bool {
    let name = !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c));
    name && !word.ends_with(|c: char| c.is_ascii_digit()) && family(word).is_some()
}

/// What the value of a key is, where the key says that it is a secret and the value is written out. For documents that were
/// parsed: the key and the value as they mean, not as they are written.
pub fn leak_under(key: &str, value: &str) -> Option<&'static str> {
    let family = family(key)?;
    let plain: String =
        key.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let sentence =
        value.trim().contains(char::is_whitespace) && !TAKEN.iter().any(|name| plain.ends_with(name));
    let holds = !sentence && is_literal(value) && !value.starts_with('/') && fits(family, value);
    holds.then_some(WHAT)
}

/// Where the secret of a find is, if it is one.
pub(super) fn judged(line: &str, captures: &Captures<'_>, strictness: Strictness) -> Option<Range<usize>> {
    let name = captures.name("name")?;
    let family = family(name.as_str())?;
    if let Some(quoted) = captures.name("double").or_else(|| captures.name("single")) {
        let value = quoted.as_str();
        if strictness == Strictness::Hidden && family != Family::Random {
            return is_given(value).then(|| quoted.range());
        }
        let holds =
            is_literal(value) && !value.starts_with('/') && !says_secret(value) && fits(family, value);
        let prose = value.contains(' ') && family != Family::Any;
        return (holds && !prose).then(|| quoted.range());
    }
    let bare = captures.name("bare")?;
    let value = bare.as_str().trim_end_matches([',', ')', '}', ']', '\\']);
    let range = bare.start()..bare.start() + value.len();
    if strictness == Strictness::Hidden && family != Family::Random {
        return is_given(value).then_some(range);
    }
    // `password: ask the team`, `password = get it from the vault` are sentences.
    let tight = captures.name("after").is_none_or(|after| after.is_empty());
    let rest = line.get(bare.end()..).unwrap_or_default().trim_start();
    let alone = rest.is_empty()
        || rest.starts_with(['#', ',', '}', ']', ')', ';', '&', '|', '<', '"', '\'', '\\', '-']);
    let sign = captures.name("sign").map_or("", |sign| sign.as_str());
    let holds =
        (tight && sign != ":" || alone) && is_literal(value) && !is_name(value) && fits(family, value);
    holds.then_some(range)
}

/// Whether a value can be a secret of that family.
fn fits(family: Family, value: &str) -> bool {
    let length = value.chars().count();
    match family {
        Family::Any => length >= 4,
        Family::Word => {
            let worded = value.contains('/')
                || value.split(['-', '.', '_', ':']).filter(|part| !part.is_empty()).count() > 1;
            length >= 8 && !value.contains(' ') && (!worded || is_random(value, 16))
        }
        Family::Random => !value.contains(' ') && is_random(value, 16),
    }
}
