"""Writes schemas/older-specification.json: what the older resource specification of CloudFormation says that the registry's
schemas do not.

    target/peers-venv/<key>/bin/python tests/peers/make_older_specification.py > schemas/older-specification.json

The specification (`CloudFormationResourceSpecification.json`, version 186.0.0) comes from inside the wheel of the last cfn-lint
that carried it, which is got from the package registry by its digest, or named as the one argument. `mayReplace` are
properties whose `UpdateType` is `Immutable` or `Conditional` while the registry neither calls them create-only nor gives
back their value only; tags that the registry says it updates are left out. `attributes` are return values that the
registry does not have; lists among them have `[]` after their name. One type a line.
"""

import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile
import zipfile

from make_resource_schemas import read, resolved

WHEEL = "cfn-lint==0.87.11"
DIGEST = "e9edc0f38570c52cbe63348d246ecbe6a4a56980a360d6606a831d5698fe6352"
FILE = "cfnlint/data/CloudSpecs/us-east-1.json"
REGISTRY = pathlib.Path(__file__).parents[2] / "schemas"
DEEPEST = 6


def specification(wheel):
    assert hashlib.sha256(wheel.read_bytes()).hexdigest() == DIGEST, f"{wheel} is not the pinned one"
    return json.loads(zipfile.ZipFile(wheel).read(FILE))


def fetched():
    with tempfile.TemporaryDirectory() as folder:
        words = ["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:"]
        subprocess.run([sys.executable, *words, "--dest", folder, WHEEL], check=True, stdout=sys.stderr)
        return specification(next(pathlib.Path(folder).glob("*.whl")))


def replacing(shapes, name, properties, path, open_shapes):
    """The places whose change replaces the resource, at or below these properties."""
    for key, declared in properties.items():
        at = [*path, key]
        if declared.get("UpdateType") in ("Immutable", "Conditional"):
            yield at
            continue
        many = declared.get("Type") in ("List", "Map")
        inner = declared.get("ItemType") if many else declared.get("Type")
        shape = next((it for it in (f"{name}.{inner}", inner) if it in shapes and it not in open_shapes), None)
        if shape and len(at) < DEEPEST:
            inside = shapes[shape].get("Properties", {})
            yield from replacing(shapes, name, inside, at + ["*"] * many, open_shapes | {shape})


def exists(schema, path):
    """Whether the registry has a property there."""
    node = {"properties": schema["properties"]}
    for step in path:
        node, _ = resolved(schema, node, frozenset())
        if node is None:
            return False
        patterns = list(node.get("patternProperties", {}).values())
        node = (node.get("items") or (patterns or [None])[0]) if step == "*" else node.get("properties", {}).get(step)
        if not node:
            return False
    return True


def said(schema, *words):
    """The places that the registry names in these lists, without the `*` of items."""
    paths = (path for word in words for path in schema.get(word, []))
    found = ["/".join(step for step in path.removeprefix("/properties/").split("/") if step != "*") for path in paths]
    tagging = schema.get("tagging", {})
    updated = tagging.get("tagProperty", "") if tagging.get("tagUpdatable") else ""
    return found + [updated.removeprefix("/properties/")] * bool(updated)


def meets(one, other):
    return f"{one}/".startswith(f"{other}/") or f"{other}/".startswith(f"{one}/")


def facts(name, declared, schema, shapes):
    known = said(schema, "createOnlyProperties", "conditionalCreateOnlyProperties", "readOnlyProperties")
    may_replace = []
    for path in replacing(shapes, name, declared.get("Properties", {}), [], frozenset()):
        plain = "/".join(step for step in path if step != "*")
        if exists(schema, path) and not any(meets(plain, other) for other in known):
            may_replace.append("/".join(path))
    attributes = []
    for attribute, kind in declared.get("Attributes", {}).items():
        if attribute not in schema["attributes"] and "*" not in attribute:
            attributes.append(attribute + "[]" * (kind.get("Type") == "List"))
    return {"attributes": sorted(attributes), "mayReplace": sorted(may_replace)}


def main():
    older = specification(pathlib.Path(sys.argv[1])) if sys.argv[1:] else fetched()
    schemas = {name: json.loads(line) for name, line in read(REGISTRY).items()}
    lines = []
    for name, declared in sorted(older["ResourceTypes"].items()):
        if name in schemas:
            found = facts(name, declared, schemas[name], older["PropertyTypes"])
            if any(found.values()):
                lines.append(f"{json.dumps(name)}: {json.dumps(found, separators=(',', ':'))}")
    sys.stdout.write("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
