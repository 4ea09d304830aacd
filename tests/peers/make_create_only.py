"""Writes schemas/create-only.json: for every resource type, the properties that cannot change in place.

The facts come from the provider schemas inside the pinned cfn-lint wheel, as they are for one region:

    target/peers-venv/<key>/bin/python tests/peers/make_create_only.py > schemas/create-only.json

`createOnly` properties always replace the resource, `conditional` ones may, `readOnly` ones are return values. Paths
are as in the schemas, without the leading `/properties/`. One type a line, so that a newer wheel reads as a diff.
"""

import json
import pathlib
import sys

import cfnlint

REGION = "ap-northeast-1"
SCHEMAS = pathlib.Path(cfnlint.__file__).parent / "data" / "schemas"
KINDS = {
    "conditional": "conditionalCreateOnlyProperties",
    "createOnly": "createOnlyProperties",
    "readOnly": "readOnlyProperties",
}


def facts(schema_file):
    schema = json.loads((SCHEMAS / "resources" / f"{schema_file}.json").read_text())
    return {
        kind: sorted(path.removeprefix("/properties/") for path in schema.get(key, []))
        for kind, key in KINDS.items()
    }


def main():
    types = json.loads((SCHEMAS / "providers" / f"{REGION}.json").read_text())
    lines = [
        f"{json.dumps(name)}: {json.dumps(facts(file), separators=(',', ':'))}"
        for name, file in sorted(types.items())
    ]
    sys.stdout.write("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
