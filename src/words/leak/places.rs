//! Passwords in their places: URLs, headers, options of commands, statements, files of credentials.

use super::rows::{Judge, Row};

const fn place(what: &'static str, signs: &'static [&'static str], pattern: &'static str) -> Row {
    Row { what, signs, pattern, judge: Judge::Literal }
}

const OPTION: &str = "a password in a command";

pub(super) const ROWS: &[Row] = &[
    place(
        "a URL with a password",
        &["://"],
        r#"\b[A-Za-z][A-Za-z0-9+.-]{0,30}://[^\s/?#'"<>@:]{0,256}:([^\s/'"<>@]{1,512})@"#,
    ),
    // A password with a slash that nobody escaped is still one: drivers take it.
    place(
        "a URL with a password",
        &["://"],
        r#"\b(?:postgres(?:ql)?|mysql|mariadb|mongodb(?:\+srv)?|redis|rediss|amqps?|oracle|sqlserver)://[^\s/?#'"<>@:]{0,256}:([^\s'"<>@]{1,512})@[\w.\[-]"#,
    ),
    place(
        "a URL with a token",
        &["://"],
        r#"\bhttps?://([A-Za-z0-9_]{20,256})(?::x-oauth-basic)?@(?:github|gitlab|bitbucket|gitea|codeberg|dev\.azure)[\w.]*"#,
    ),
    place(
        "a password in a header",
        &["authorization", "proxy-authorization"],
        r#"(?i)\bauthorization["'\]\\]{0,3}\s{0,4}[:=,]{1,2}\s{0,4}\\?["']?(?:bearer|basic|token|digest|apikey|api-key|bot|negotiate|splunk|key|genie-?key)\s{1,4}([^\s"'\\,;]{4,})"#,
    ),
    place(
        OPTION,
        &["curl", "wget", "http"],
        concat!(
            r#"(?i-u:\bcurl\b)[^|;&]*?[\s\\](?:-u|-U|--user|--proxy-user|--basic)[\s\\=]{0,8}["']?[^\s"':|;&-][^\s"':|;&]*:([^\s"'|;&]+)"#,
            r#"|\bwget\b[^|;&]*?\s--(?:http-|ftp-|proxy-)?password[\s=]{1,4}["']?([^\s"'|;&]+)"#,
        ),
    ),
    place(
        OPTION,
        &["mysql", "mariadb", "xtrabackup"],
        r#"\b(?:mysql|mariadb|xtrabackup)\w*(?:-\w+)?(?:\.exe)?[\s\\](?:[^|;&]*?[\s\\])?-p["']?([^\s"'|;&][^\s"'|;&]*)"#,
    ),
    place(OPTION, &["sshpass"], r#"\bsshpass\s{1,4}-p\s{0,4}["']?([^\s"']+)"#),
    place(OPTION, &["redis-cli"], r#"\bredis-cli\b[^|;&]*?\s(?:-a|--pass)[\s=]{1,4}["']?([^\s"'|;&]+)"#),
    place(
        OPTION,
        &["htpasswd"],
        r#"\bhtpasswd\s{1,4}-\w*b\w*\s{1,4}(?:-\w+\s{1,4})*\S+\s{1,4}\S+\s{1,4}["']?([^\s"'|;&]+)"#,
    ),
    place(OPTION, &["pass:"], r#"\s-pass(?:in|out)?\s{1,4}["']?pass:([^\s"'|;&]+)"#),
    place(
        OPTION,
        &["docker", "podman", "helm", "oras", "skopeo", "crane", "az ", "oc "],
        r#"\b(?:docker|podman|helm(?:\s+registry)?|oras|skopeo|crane|az|oc)\s+login\b[^|;&]*?[\s\\](?:-p|--password|--token)[\s=]{1,4}["']?([^\s"'|;&-][^\s"'|;&]*)"#,
    ),
    place(
        OPTION,
        &["unzip", "zip", "7z"],
        r#"\b(?:unzip|zip)\s[^|;&]*?-P\s{0,4}["']?([^\s"'|;&-][^\s"'|;&]*)|\b7za?\s[^|;&]*?\s-p([^\s"'|;&]+)"#,
    ),
    place(
        OPTION,
        &["chpasswd", "--stdin", "--password-stdin", "sudo"],
        concat!(
            r#"\b(?:echo|printf)\s{1,4}(?:-\w+\s{1,4})?["']?(?:[\w.-]{1,64}:)?([^\s"'|;&]+)["']?\s{0,4}\|[^|;&]{0,64}?(?:\bchpasswd|--password-stdin|--stdin|\bsudo\s+-S)"#,
            r#"|\bchpasswd\b[^|;&<]{0,64}<<<?\s{0,4}["']?[\w.-]{1,64}:([^\s"'|;&]+)"#,
        ),
    ),
    place(
        OPTION,
        &["convertto-securestring", "net user"],
        r#"(?i)\bConvertTo-SecureString\s{1,4}(?:-String\s{1,4})?["']?([^\s"'|;&-][^\s"'|;&]*)|\bnet\s+user\s+[^\s/]+\s+["']?([^\s"'|;&/]+)\s+/add"#,
    ),
    place(
        OPTION,
        &["aws_secret_access_key", "aws_session_token"],
        r#"\bconfigure\s{1,4}set\s{1,4}(?:[\w.-]+\.)?aws_(?:secret_access_key|session_token)\s{1,4}["']?([^\s"'|;&]+)"#,
    ),
    // The other names of options are found as names with `=`, whatever the command.
    place(
        OPTION,
        &["--", "-storepass", "-keypass", "-password", "-passw"],
        r#"(?i)(?:^|[\s"'\\])--?(?:[a-z0-9]+-){0,4}(?:password|passwd|passphrase|passcode|storepass|keypass|srcstorepass|deststorepass|client-secret|secret-key|api-key|auth-token|access-token|secret-string|master-user-password)[\s\\]{1,8}["']?([^\s"'|;&-][^\s"'|;&]*)"#,
    ),
    place(
        "a password in a statement",
        &["identified", "password"],
        concat!(
            r#"(?i)\bIDENTIFIED\s{1,4}(?:WITH\s{1,4}\S+\s{1,4})?(?:BY|AS)\s{1,4}(?:PASSWORD\s{1,4})?\\?["']([^"'\\]+)"#,
            r#"|\b(?:CREATE|ALTER)\s{1,4}(?:ROLE|USER|LOGIN)\b[^;]{0,200}?\bPASSWORD\s{0,4}=?\s{0,4}\\?["']([^"'\\]+)"#,
        ),
    ),
    place(
        "a password in a file of credentials",
        &["password", "machine "],
        r#"\blogin\s{1,8}\S+\s{1,8}password\s{1,8}(\S+)"#,
    ),
    place(
        "a password in a file of credentials",
        &[":5432:", ":*:"],
        r#"(?:^|["'\s])[\w.*-]+:(?:[0-9]{2,5}|\*):[\w*-]+:[\w*-]+:([^\s"':]+)(?:$|["'\s])"#,
    ),
    place(
        "a password in a document",
        &["password", "passwd", "secret", "token", "passphrase"],
        concat!(
            r#"(?i)<(?:[\w.-]+:)?[\w.-]*(?:password|passwd|passphrase|secretkey|authtoken|apikey)>\s*([^<>\s]+)\s*</"#,
            r#"|\b(?:name|key)=["'][\w.:-]*(?:password|passwd|passphrase|secretkey|authtoken|apikey)["']\s+value=["']([^"']+)["']"#,
            r#"|\b(?:name|key)=["'][\w.:-]*(?:password|passwd|passphrase|secretkey|authtoken|apikey)["']\s*>\s*([^<>\s]+)\s*</"#,
        ),
    ),
];
