"""Every resource type with every property that can be written, nested ones too: a JSON object of types to properties.

The properties come from the provider schemas inside the pinned cfn-lint wheel, as `make_resource_schemas.py` reads them.
Each list has one item, and each value that has nothing inside is the text `x`, whatever its type is.

    python skeletons.py
"""

import json
import sys

from make_resource_schemas import resolved, types

# Types such as WAF's rules nest without end.
DEEPEST = 5


def skeleton(schema, node, depth, open_refs):
    """A value that has everything in it that this node of the schema may hold."""
    node, open_refs = resolved(schema, node, open_refs)
    if node is None or depth > DEEPEST:
        return "x"
    if isinstance(node.get("items"), dict):
        return [skeleton(schema, node["items"], depth, open_refs)]
    properties = dict(node.get("properties", {}))
    for choice in (part for word in ("allOf", "anyOf", "oneOf") for part in node.get(word, [])):
        properties |= choice.get("properties", {})
    inside = {name: skeleton(schema, inner, depth + 1, open_refs) for name, inner in properties.items()}
    return inside or "x"


def written(schema):
    """The properties that are no return values."""
    read_only = {path.removeprefix("/properties/") for path in schema.get("readOnlyProperties", [])}
    return {name: node for name, node in schema["properties"].items() if name not in read_only}


def main():
    found = {}
    for name, schema in types().items():
        properties = written(schema).items()
        found[name] = {name: skeleton(schema, node, 1, frozenset()) for name, node in properties}
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
