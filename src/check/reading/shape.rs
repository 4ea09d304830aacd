//! Shape, 02xx: what is no spec.

use crate::diagnostics::type_codes as types;
use crate::spec::{UNSEEN as CODE, shape_codes as codes};

use super::{Rule, page};

pub(in crate::check) const UNKNOWN_KEY: Rule = page(
    types::UNKNOWN_KEY,
    "a key that does not exist",
    "Unknown keys are errors: a misspelt one would otherwise be a setting that is silently not made. The nearest known one is told.",
    "tag: { Owner: ops }\n",
    "tags: { Owner: ops }\n",
);

pub(in crate::check) const WRONG_TYPE: Rule = page(
    types::WRONG_TYPE,
    "a value of another type",
    "A list where a mapping belongs, a text where a number belongs, `yes` where `true` belongs.",
    "tags: [ops]\n",
    "tags: { Owner: ops }\n",
);

pub(in crate::check) const UNKNOWN_NAME: Rule = page(
    types::UNKNOWN_NAME,
    "none of the words that are possible",
    "Where only a few words are possible the nearest one is told, or all of them.",
    "retention: keep\n",
    "retention: retain\n",
);

pub(in crate::check) const UNQUOTED: Rule = page(
    types::UNQUOTED,
    "a text that YAML reads as a number",
    "Without quotes `1.10` is the number 1.1 and `012345678901` is read differently by every reader. Versions and accounts are texts: write them in quotes.",
    "account: 444455556666\n",
    "account: \"444455556666\"\n",
);

pub(in crate::check) const MISSING_KEY: Rule = page(
    types::MISSING_KEY,
    "a key that has to be there",
    "Some things have no default that would be right for anyone.",
    "protection: { window: { days: [Tue], from: \"02:00\", to: \"06:00\" } }\n",
    "protection: { window: { days: [Tue], from: \"02:00\", to: \"06:00\", timezone: Asia/Tokyo } }\n",
);

pub(in crate::check) const REFUSED: Rule = page(
    types::REFUSED,
    "a value its type refuses",
    "The value has the right type and a content that its type does not take; the message says why.",
    "",
    "",
);

pub(in crate::check) const FORM: Rule = page(
    codes::FORM,
    "a text of another form",
    "Ids, ARNs, periods, times and the like have a form, which the message shows.",
    "region: tokyo\n",
    "region: ap-northeast-1\n",
);

pub(in crate::check) const RANGE: Rule = page(
    codes::RANGE,
    "a number, a length or a count out of its range",
    "Ranges are those of the AWS service that takes the value.",
    "roles: { web: { targetGroup: { port: 0 } } }\n",
    "roles: { web: { targetGroup: { port: 8080 } } }\n",
);

pub(in crate::check) const NAME: Rule = page(
    codes::NAME,
    "a name with characters that names cannot have",
    "Names of roles and stacks become parts of names in AWS: lower-case letters, digits and single hyphens.",
    "stacks: { My_Stack: { template: ./own.yaml } }\n",
    "stacks: { my-stack: { template: ./own.yaml } }\n",
);

pub(in crate::check) const SHAPE: Rule = page(
    codes::SHAPE,
    "something else the schema does not allow",
    "The message is the schema's own. Editors that read `schemas/environment.schema.json` show it while one types.",
    "",
    "",
);

pub(in crate::check) const UNSEEN: Rule = page(
    CODE,
    "a character that nobody sees",
    "What turns the direction of text, has no width, or is a command to a terminal shows a reviewer something else than what \
     is read, or hides a difference between two names. It is told in every key, value, comment and name of a file: of specs, \
     the images lock, templates, user data and components. Emoji and their joiners, full-width text and the forms of \
     ideographs (葛 with a selector) are seen.",
    "tags: { Owner: \"ops\u{202e}\" } # reviewed\u{200b}\n",
    "tags: { Owner: ops } # reviewed\n",
);
