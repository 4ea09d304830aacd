"""Writes schemas/resource-types.txt and schemas/resource-types.bin: the provider schema of every resource type, without its prose.

The schemas come from inside the pinned cfn-lint wheel, of every type of every region; a type has the same schema wherever
it is:

    target/peers-venv/<key>/bin/python tests/peers/make_resource_schemas.py schemas

The text names every type with the beginning of its schema's digest, so that a newer wheel reads as a diff; the binary file
holds the schemas, a line each, in zlib streams of about 64 KB, so that one type is read without the others. Above its types
the text says how long their stream is, and how long the lines are that it gives. `--check` writes nothing and fails where
the files hold something else than the wheel does. Other versions of zlib may compress otherwise: what is held counts.
"""

import functools
import hashlib
import json
import pathlib
import sys
import zlib

BLOCK = 64 * 1024
NAMES = ("resource-types.txt", "resource-types.bin")
# Prose, and what only the service's own handlers ask for.
DROPPED = {
    "$comment", "$schema", "default", "description", "documentationUrl", "examples", "handlers", "lifecycle",
    "propertyTransform", "relationshipRef", "replacementStrategy", "resourceLink", "sourceUrl", "taggable", "title",
    "typeConfiguration", "typeName",
}
# Their keys are names, whatever they are called.
OF_NAMES = {
    "definitions", "dependencies", "dependentExcluded", "dependentRequired", "dependentSchemas", "patternProperties",
    "properties",
}


def folder():
    import cfnlint

    return pathlib.Path(cfnlint.__file__).parent / "data" / "schemas"


def types():
    """The schema of every type."""
    files = {}
    for region in sorted((folder() / "providers").glob("*.json")):
        files |= json.loads(region.read_text())
    read = {name: json.loads((folder() / "resources" / f"{file}.json").read_text()) for name, file in files.items()}
    return dict(sorted(read.items()))


def resolved(schema, node, open_refs):
    """What a node refers to, and what is being read now; no node where it refers to something that is."""
    while "$ref" in node:
        reference = node["$ref"]
        if reference in open_refs:
            return None, open_refs
        open_refs = open_refs | {reference}
        node = functools.reduce(lambda inner, key: inner[key], reference.removeprefix("#/").split("/"), schema)
    return node, open_refs


def bare(node, of_names=False):
    if isinstance(node, dict):
        kept = (key for key in node if of_names or key not in DROPPED)
        return {key: bare(node[key], key in OF_NAMES and not of_names) for key in kept}
    return [bare(item) for item in node] if isinstance(node, list) else node


def attributes(schema):
    """What `Fn::GetAtt` may ask for; `Outputs.*` is any name after the point."""
    from cfnlint.schema import Schema

    return sorted(name.replace("\\..*", ".*") for name in Schema(schema).get_atts.data)


def line(schema):
    return json.dumps(bare(schema) | {"attributes": attributes(schema)}, separators=(",", ":"))


def blocks(lines):
    """The lines by name in groups of at least `BLOCK` characters, the last one aside."""
    group, size = {}, 0
    for name, text in lines.items():
        group[name], size = text, size + len(text)
        if size >= BLOCK:
            yield group
            group, size = {}, 0
    if group:
        yield group


def made():
    index, streams = [], b""
    for group in blocks({name: line(schema) for name, schema in types().items()}):
        text = "\n".join(group.values()).encode()
        stream = zlib.compress(text, 9)
        index.append(f"{len(stream)} {len(text)}")
        index += [f"{name} {hashlib.sha256(text.encode()).hexdigest()[:8]}" for name, text in group.items()]
        streams += stream
    return "\n".join(index) + "\n", streams


def held(index, streams):
    """The types with their lines as the two files hold them."""
    found, at, lines = {}, 0, iter(())
    for entry in index.splitlines():
        first, second = entry.split()
        if first.isdigit():
            stream, at = streams[at : at + int(first)], at + int(first)
            text = zlib.decompress(stream).decode()
            assert len(text.encode()) == int(second), entry
            lines = iter(text.split("\n"))
        else:
            found[first] = next(lines)
            assert hashlib.sha256(found[first].encode()).hexdigest()[:8] == second, entry
    assert at == len(streams)
    return found


def read(place):
    """The types with their lines as they are in that folder."""
    text, binary = (pathlib.Path(place) / name for name in NAMES)
    return held(text.read_text(), binary.read_bytes())


def main(place, check):
    if not check:
        index, streams = made()
        text, binary = (pathlib.Path(place) / name for name in NAMES)
        text.write_text(index)
        binary.write_bytes(streams)
        return
    committed, wheel = read(place), held(*made())
    names = [name for name in committed | wheel if committed.get(name) != wheel.get(name)]
    if names:
        sys.exit(f"{len(names)} types are held otherwise, the first: {names[0]}")


if __name__ == "__main__":
    main(sys.argv[-1], "--check" in sys.argv)
