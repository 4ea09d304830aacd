"""Writes schemas/create-only.json: for every resource type, which properties cannot change in place, and which lists
have no order.

The facts come from the provider schemas inside the pinned cfn-lint wheel, of every type of every region; a type has
the same schema wherever it is:

    target/peers-venv/<key>/bin/python tests/peers/make_create_only.py > schemas/create-only.json

`createOnly` properties always replace the resource, `conditional` ones may, `readOnly` ones are return values, and
`unordered` ones are lists whose order means nothing (`insertionOrder: false`). Paths are as in the schemas, without the
leading `/properties/`; `*` is any item. One type a line, so that a newer wheel reads as a diff and one type can be
read without the others.
"""

import functools
import json
import pathlib
import sys

import cfnlint

SCHEMAS = pathlib.Path(cfnlint.__file__).parent / "data" / "schemas"
# Types such as WAF's rules nest without end; deeper than this their lists count as ordered.
DEEPEST = 6
KINDS = {
    "conditional": "conditionalCreateOnlyProperties",
    "createOnly": "createOnlyProperties",
    "readOnly": "readOnlyProperties",
}


def resolved(schema, node, open_refs):
    """What a node refers to, and what is being read now; no node where it refers to something that is."""
    while "$ref" in node:
        reference = node["$ref"]
        if reference in open_refs:
            return None, open_refs
        open_refs = open_refs | {reference}
        node = functools.reduce(lambda inner, key: inner[key], reference.removeprefix("#/").split("/"), schema)
    return node, open_refs


def unordered(schema, node, path, open_refs):
    """The paths of the lists without an order at and below this node of the schema, as deep as `DEEPEST`."""
    if path.count("/") >= DEEPEST:
        return
    node, open_refs = resolved(schema, node, open_refs)
    if node is None:
        return
    if node.get("insertionOrder") is False and "items" in node:
        yield path
    if isinstance(node.get("items"), dict):
        yield from unordered(schema, node["items"], f"{path}/*", open_refs)
    for name, inner in node.get("properties", {}).items():
        yield from unordered(schema, inner, f"{path}/{name}" if path else name, open_refs)


def facts(schema_file):
    schema = json.loads((SCHEMAS / "resources" / f"{schema_file}.json").read_text())
    found = {
        kind: sorted(path.removeprefix("/properties/") for path in schema.get(key, []))
        for kind, key in KINDS.items()
    }
    lists = sorted(set(unordered(schema, {"properties": schema.get("properties", {})}, "", frozenset())))
    return found | {"unordered": lists}


def types():
    """The file of every type's schema."""
    files = {}
    for region in sorted((SCHEMAS / "providers").glob("*.json")):
        files |= json.loads(region.read_text())
    return files


def main():
    lines = [
        f"{json.dumps(name)}: {json.dumps(facts(file), separators=(',', ':'))}"
        for name, file in sorted(types().items())
    ]
    sys.stdout.write("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
