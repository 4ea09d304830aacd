//! Syntax, 01xx: what is no YAML, or more than a spec can need.

use crate::diagnostics::syntax_codes as codes;

use super::{Rule, page};

pub(in crate::check) const NOT_YAML: Rule = page(
    codes::NOT_YAML,
    "not YAML",
    "A bracket or a quote that is never closed, an indent that fits nothing, a `:` without a space after it. The finding points at where the reader could not go on; the mistake is there or shortly before.",
    "tags: { Owner: ops\n",
    "tags: { Owner: ops }\n",
);

pub(in crate::check) const DUPLICATE_KEY: Rule = page(
    codes::DUPLICATE_KEY,
    "the same key twice",
    "Most readers of YAML take the last of two keys and say nothing, so that an edit of the first one changes nothing. Both places are shown.",
    "tags: { Owner: ops, Owner: dev }\n",
    "tags: { Owner: ops }\n",
);

pub(in crate::check) const TOO_MANY_NODES: Rule = page(
    codes::TOO_MANY_NODES,
    "more values than a spec can need",
    "Aliases of aliases grow tenfold with each line. A file ends at 100,000 values and 16 MiB of text once aliases are followed.",
    "x: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\ny: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]\nz: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]\nu: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]\nv: [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d, *d]\n",
    "tags: { Owner: ops }\n",
);

pub(in crate::check) const TOO_DEEP: Rule = page(
    codes::TOO_DEEP,
    "nested too deep",
    "Lists and mappings are nested at most 64 deep.",
    "tags: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]\n",
    "tags: { Owner: ops }\n",
);

pub(in crate::check) const TAB: Rule = page(
    codes::TAB,
    "a tab indents",
    "YAML takes spaces only for indents. Editors show the two alike.",
    "tags:\n\tOwner: ops\n",
    "tags:\n  Owner: ops\n",
);

pub(in crate::check) const TOO_LARGE: Rule = page(
    codes::TOO_LARGE,
    "a file that is too large",
    "A file has at most 2 MiB: something else than a spec was named.",
    "",
    "",
);

pub(in crate::check) const SEVERAL_DOCUMENTS: Rule = page(
    codes::SEVERAL_DOCUMENTS,
    "more than one document in a file",
    "A line of `---` begins another document, which nothing would read.",
    "tags: { Owner: ops }\n---\ntags: { Owner: dev }\n",
    "tags: { Owner: ops }\n",
);

pub(in crate::check) const ENCODING: Rule = page(
    codes::ENCODING,
    "not UTF-8",
    "Specs are UTF-8 without a byte order mark. Save a file from Shift_JIS or UTF-16 as UTF-8.",
    "",
    "",
);

pub(in crate::check) const BAD_MERGE_KEY: Rule = page(
    codes::BAD_MERGE_KEY,
    "`<<` with something that is no mapping",
    "`<<` takes an alias of a mapping, or a list of them.",
    "tags: { <<: ops }\n",
    "tags: { Owner: ops }\n",
);

pub(in crate::check) const BAD_KEY: Rule = page(
    codes::BAD_KEY,
    "a key that is no text",
    "Keys are plain texts: not lists, not mappings, not empty, without tags.",
    "tags: { ? [a, b] : ops }\n",
    "tags: { Owner: ops }\n",
);

pub(in crate::check) const BAD_ALIAS: Rule = page(
    codes::BAD_ALIAS,
    "an alias without its anchor",
    "`*name` repeats what `&name` marked before it in the same file; files that are extended have anchors of their own.",
    "tags: *common\n",
    "tags: &common { Owner: ops }\n",
);
