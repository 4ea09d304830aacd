"""Writes schemas/instance-types.json: every family of EC2 instances with its sizes, in any Region, from the pinned wheel of cfn-lint.

    target/peers-venv/<key>/bin/python tests/peers/make_instance_types.py > schemas/instance-types.json

One family a line, so that a newer wheel reads as a diff. Sizes rise: what is not an `xlarge` comes first.
"""

import json
import pathlib
import re
import sys

import cfnlint

TYPES = pathlib.Path(cfnlint.__file__).parent / "data/schemas/extensions/aws_ec2_instance/instancetype_enum.json"
SMALL = ["nano", "micro", "small", "medium", "large", "xlarge"]


def rank(size):
    if size in SMALL:
        return (0, SMALL.index(size), size)
    number = re.search(r"\d+", size)
    return (2 if "metal" in size else 1, int(number.group()) if number else 0, size)


def main():
    families = {}
    regions = json.loads(TYPES.read_text())
    offered = (region["enum"] for region in regions.values() if isinstance(region, dict))
    for name in sorted(set().union(*offered)):
        family, size = name.split(".", 1)
        families.setdefault(family, set()).add(size)
    lines = [
        f"{json.dumps(family)}: {json.dumps(' '.join(sorted(sizes, key=rank)))}"
        for family, sizes in sorted(families.items())
    ]
    sys.stdout.write("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
