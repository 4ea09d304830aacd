//! How much of an answer is read: its bytes, how deep it is nested, the bytes of all its pages. A server that goes on for ever
//! is given up with an error that names the call and the limit.

use std::cell::Cell;
use std::fmt;

use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use aws_smithy_types::byte_stream::error::Error as Broken;

use super::pages::{EMPTY, PAGES};
use crate::cloud::CloudError;

/// The largest answer, in bytes: 16 MiB. A template has 1 MiB at most, a page of anything else less.
const BODY: usize = 16 << 20;
/// The deepest nesting of an answer. CloudFormation's own have some ten levels; documents in them are text.
const DEPTH: usize = 100;
/// The most bytes of all pages of one call: 128 MiB. A hundred thousand events have less.
pub(super) const ALL: usize = 8 * BODY;

tokio::task_local! {
    /// So many bytes the call whose page is read may still have.
    pub(super) static LEFT: Cell<usize>;
}

/// An answer beyond what is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Excess {
    /// Bytes.
    Body,
    /// Elements inside each other.
    Depth,
    /// Pages.
    Pages,
    /// Bytes of all pages.
    All,
    /// A page names one as the next that was read already.
    Circle,
    /// Pages in a row that have nothing.
    Empty,
}

impl fmt::Display for Excess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Body => write!(f, "the answer has more than {BODY} bytes"),
            Self::Depth => write!(f, "the answer is nested more than {DEPTH} deep"),
            Self::Pages => write!(f, "the answer has more than {PAGES} pages"),
            Self::All => write!(f, "the answer has more than {ALL} bytes in all its pages"),
            Self::Circle => write!(f, "a page of the answer leads back to one that was read before"),
            Self::Empty => write!(f, "the answer has more than {EMPTY} pages in a row with nothing on them"),
        }
    }
}

impl std::error::Error for Excess {}

impl Excess {
    /// Among what led to an error.
    pub(super) fn behind(error: &(dyn std::error::Error + 'static)) -> Option<Self> {
        let mut next = Some(error);
        while let Some(error) = next {
            if let Some(excess) = error.downcast_ref::<Self>() {
                return Some(*excess);
            }
            next = error.source();
        }
        None
    }

    /// What it comes to for that call.
    pub(super) fn of(self, call: &str) -> CloudError {
        CloudError::Excess(format!("{call}: {self}, which asagi does not read"))
    }
}

/// Why a body was not read to its end.
#[derive(Debug)]
pub(super) enum Unread {
    /// It goes on beyond what is read.
    Excess(Excess),
    /// The connection broke.
    Broken(Broken),
}

/// A body to its end, as it comes; nothing is kept of one that is too large. `length` is what its header says.
///
/// # Errors
/// When it is larger than that, nested too deep, or breaks off.
pub(super) async fn body(body: SdkBody, length: Option<usize>) -> Result<Vec<u8>, Unread> {
    if length.is_some_and(|length| length > BODY) {
        return Err(Unread::Excess(Excess::Body));
    }
    let mut stream = ByteStream::new(body);
    let mut bytes = Vec::with_capacity(length.unwrap_or_default());
    while let Some(part) = stream.try_next().await.map_err(Unread::Broken)? {
        if bytes.len() + part.len() > BODY {
            return Err(Unread::Excess(Excess::Body));
        }
        if !take(part.len()) {
            return Err(Unread::Excess(Excess::All));
        }
        bytes.extend_from_slice(&part);
    }
    if depth(&bytes) > DEPTH {
        return Err(Unread::Excess(Excess::Depth));
    }
    Ok(bytes)
}

/// Takes so many bytes from what the call has left; a call of one answer has its own bound.
fn take(bytes: usize) -> bool {
    let taken = |left: &Cell<usize>| match left.get().checked_sub(bytes) {
        Some(rest) => {
            left.set(rest);
            true
        }
        None => false,
    };
    LEFT.try_with(taken).unwrap_or(true)
}

/// How deep an answer is nested, by what it begins with: XML, JSON, or neither, which is not nested.
fn depth(bytes: &[u8]) -> usize {
    match bytes.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'<') => xml_depth(bytes),
        Some(b'{' | b'[') => json_depth(bytes),
        _ => 0,
    }
}

/// Elements that are open at once.
fn xml_depth(text: &[u8]) -> usize {
    let (mut open, mut deepest) = (0_usize, 0);
    let mut rest = text;
    while let Some(at) = rest.iter().position(|byte| *byte == b'<') {
        let tag = rest.get(at + 1..).unwrap_or_default();
        let end: &[u8] = if tag.starts_with(b"!--") {
            b"-->"
        } else if tag.starts_with(b"![CDATA[") {
            b"]]>"
        } else {
            b">"
        };
        let Some(length) = tag.windows(end.len()).position(|bytes| bytes == end) else { break };
        match tag.first() {
            Some(b'/') => open = open.saturating_sub(1),
            Some(b'!' | b'?') => {}
            _ => {
                deepest = deepest.max(open + 1);
                let closed = tag.get(..length).is_some_and(|inside| inside.ends_with(b"/"));
                open += usize::from(!closed);
            }
        }
        rest = tag.get(length + end.len()..).unwrap_or_default();
    }
    deepest
}

/// Lists and objects that are open at once.
fn json_depth(text: &[u8]) -> usize {
    let (mut open, mut deepest) = (0_usize, 0);
    let (mut quoted, mut escaped) = (false, false);
    for byte in text {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'{' | b'[' => {
                open += 1;
                deepest = deepest.max(open);
            }
            b'}' | b']' => open = open.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::aws::pages::{Page, Pages};

    impl Page for String {
        fn token(&self) -> Option<&str> {
            None
        }

        fn is_empty(&self) -> bool {
            false
        }
    }

    #[test]
    fn nesting_is_counted_as_it_is() {
        for (text, expected) in [
            ("", 0),
            ("plain < text", 0),
            ("<A/>", 1),
            ("<?xml version=\"1.0\"?><A><B/><B><C>1</C></B></A>", 3),
            ("<A><!-- <B><C><D> --><![CDATA[<B><C>]]></A>", 1),
            ("<A><B>", 2),
            ("<A", 0),
            ("{\"a\": [1, {\"b\": \"[[[{\\\"{{\"}]}", 3),
            (" [[],[]]", 2),
        ] {
            assert_eq!(depth(text.as_bytes()), expected, "{text}");
        }
        assert_eq!(depth("<A>".repeat(100_000).as_bytes()), 100_000);
    }

    #[tokio::test]
    async fn an_answer_beyond_the_limit_is_not_read() {
        let told = async |text: &str, length| match body(SdkBody::from(text), length).await {
            Ok(bytes) => format!("{} bytes", bytes.len()),
            Err(Unread::Excess(excess)) => excess.of("DescribeStacks").to_string(),
            Err(Unread::Broken(why)) => why.to_string(),
        };
        assert_eq!(told("<A/>", None).await, "4 bytes");
        assert_eq!(told(&" ".repeat(BODY), None).await, "16777216 bytes");
        let many = "DescribeStacks: the answer has more than 16777216 bytes, which asagi does not read";
        assert_eq!(told(&" ".repeat(BODY + 1), None).await, many);
        assert_eq!(told("<A/>", Some(BODY + 1)).await, many, "by its header alone");
        let deep = "DescribeStacks: the answer is nested more than 100 deep, which asagi does not read";
        assert_eq!(told(&"<A>".repeat(101), None).await, deep);
        assert_eq!(told(&"[".repeat(101), None).await, deep);
    }

    #[tokio::test]
    async fn all_pages_of_a_call_have_a_bound_of_their_own() {
        let page = async |bytes: usize| match body(SdkBody::from(" ".repeat(bytes)), None).await {
            Ok(bytes) => Some(Ok(format!("{} bytes", bytes.len()))),
            Err(Unread::Excess(excess)) => Some(Err(excess.of("DescribeStacks").to_string())),
            Err(Unread::Broken(why)) => Some(Err(why.to_string())),
        };
        let mut pages = Pages::of("DescribeStacks");
        for _ in 0..8 {
            let told = pages.next(page(BODY)).await.expect("not too many").expect("a page");
            assert_eq!(told.as_deref(), Ok("16777216 bytes"));
        }
        let told = pages.next(page(1)).await.expect("not too many").expect("a page");
        assert_eq!(
            told.expect_err("too many"),
            "DescribeStacks: the answer has more than 134217728 bytes in all its pages, which asagi does not read"
        );
        // Another call has its own, and so has what is no page.
        let told = Pages::of("DescribeStacks").next(page(1)).await.expect("not too many").expect("a page");
        assert_eq!(told.as_deref(), Ok("1 bytes"));
        assert_eq!(page(BODY).await.expect("an answer").as_deref(), Ok("16777216 bytes"));
    }
}
