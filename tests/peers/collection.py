"""Templates out of packages: `collection.py PACKAGES OUT` writes each template once, and values for its parameters.

`OUT/templates/` has the templates, `OUT/parameters.json` for each a value for every parameter without a default.
"""

import hashlib
import io
import json
import pathlib
import re
import sys
import tarfile
import zipfile

from cfnlint.decode import decode_str

# Of one package of deployed stacks; they resemble each other.
DEPLOYED_EACH = 2
LARGEST = 300_000
OF_TYPE = {
    "AWS::EC2::VPC::Id": "vpc-0f1e2d3c4b5a69780",
    "AWS::EC2::Subnet::Id": "subnet-0f1e2d3c4b5a697a1",
    "AWS::EC2::SecurityGroup::Id": "sg-0f1e2d3c4b5a697a1",
    "AWS::EC2::Image::Id": "ami-0123456789abcdef0",
    "AWS::EC2::Instance::Id": "i-0123456789abcdef0",
    "AWS::EC2::AvailabilityZone::Name": "us-east-1a",
    "Number": "1",
}


def archives(package):
    """The files of a source archive, or of the archive inside a wheel, by name."""
    if package.suffix == ".whl":
        with zipfile.ZipFile(package) as wheel:
            for name in (name for name in wheel.namelist() if name.endswith(".tgz")):
                yield from members(tarfile.open(fileobj=io.BytesIO(wheel.read(name))))
    else:
        yield from members(tarfile.open(package))


def members(archive):
    for member in sorted(archive, key=lambda member: member.name):
        if member.isfile() and member.size < LARGEST:
            yield member.name.split("/", 1)[1], archive.extractfile(member).read()


def wanted(package, name):
    if package.suffix == ".whl":
        return name.endswith(".template.json") and "DefaultTest" not in name
    is_template = re.search(r"\.(ya?ml|json|template)$", name) and "templates" in name
    return is_template and "/schemas/" not in name and "/results/" not in name


def value(declared):
    kind = str(declared.get("Type"))
    if declared.get("AllowedValues"):
        return str(declared["AllowedValues"][0])
    inner = re.fullmatch(r"List<(.*)>", kind)
    if kind.startswith("AWS::SSM::Parameter::"):
        return "/name/of/it"
    plain = "a" * max(8, int(declared.get("MinLength", 0)))
    one = OF_TYPE.get(inner.group(1) if inner else kind, plain)
    return f"{one},{one}" if inner else one


def values(text):
    """A value for each parameter that has no default; of what is no template, none."""
    template, _ = decode_str(text)
    parameters = template.get("Parameters") if isinstance(template, dict) else None
    declared = parameters.items() if isinstance(parameters, dict) else ()
    lacking = ((name, it) for name, it in declared if isinstance(it, dict) and "Default" not in it)
    try:
        return {str(name): value(it) for name, it in lacking}
    except (TypeError, ValueError, IndexError, KeyError):
        return {}


def main():
    packages, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    (out / "templates").mkdir(parents=True, exist_ok=True)
    seen, given = set(), {}
    for package in sorted(packages.iterdir()):
        if package.suffix not in (".whl", ".gz"):
            continue
        taken = 0
        for name, data in archives(package):
            digest = hashlib.sha256(data).hexdigest()
            if digest in seen or not wanted(package, name):
                continue
            if package.suffix == ".whl" and taken == DEPLOYED_EACH:
                break
            try:
                text = data.decode("utf-8")
            except UnicodeDecodeError:
                continue
            if not re.search(r"Resources[\"']?\s*:", text):
                continue
            seen.add(digest)
            taken += 1
            stem = re.sub(r"[^A-Za-z0-9]+", "-", name.rsplit(".", 1)[0])[-100:].strip("-")
            ending = name.rsplit(".", 1)[1]
            file = f"{package.name.split('-')[0]}--{stem}.{ending}"
            (out / "templates" / file).write_text(text, encoding="utf-8", newline="")
            given[file] = values(text)
    (out / "parameters.json").write_text(json.dumps(given, indent=1, sort_keys=True))


main()
