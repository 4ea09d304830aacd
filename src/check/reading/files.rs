//! Files, 0120 and after: what a spec names and cannot be read.

use crate::resolve::codes;

use super::{Rule, page};

pub(in crate::check) const EXTENDS_CYCLE: Rule = page(
    codes::EXTENDS_CYCLE,
    "a file that extends itself",
    "Following `extends` must not lead back. The finding shows the way.",
    "extends: poc.yaml\n",
    "extends: [small.yaml, name.yaml]\n",
);

pub(in crate::check) const FILE: Rule = page(
    codes::FILE,
    "a file that cannot be read",
    "Paths are relative to the file that names them.",
    "roles: { web: { instances: { userData: ./gone.sh } } }\n",
    "roles: { web: { instances: { userData: ./boot.sh } } }\n",
);

pub(in crate::check) const OUTSIDE: Rule = page(
    codes::OUTSIDE,
    "a file outside the repository",
    "What makes an environment is reviewed and kept in its repository, so that every machine renders the same bytes.",
    "roles: { web: { instances: { userData: ../../boot.sh } } }\n",
    "roles: { web: { instances: { userData: ./boot.sh } } }\n",
);

pub(in crate::check) const TOO_MANY_FILES: Rule = page(
    codes::TOO_MANY_FILES,
    "too many files laid over each other",
    "At most 32 files make one environment; one that several extend counts each time.",
    "extends:\n  [small.yaml, name.yaml, name.yaml, name.yaml, name.yaml, name.yaml, name.yaml, name.yaml, name.yaml, name.yaml, name.yaml, name.yaml, name.yaml, name.yaml, name.yaml, name.yaml, name.yaml, name.yaml, name.yaml, name.yaml, name.yaml, name.yaml, name.yaml, name.yaml, name.yaml, name.yaml, name.yaml, name.yaml, name.yaml, name.yaml, name.yaml, name.yaml]\n",
    "extends: [small.yaml, name.yaml]\n",
);
