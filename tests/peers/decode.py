"""Templates as cfn-lint reads them: a JSON mapping from names to texts in, one from names to values out.

`{"read": value}`, or `{"refused": message}`. What JSON does not have (`.inf`, dates) is written as Python prints it.
"""

import json
import sys

from cfnlint.decode import decode_str


def read(text):
    template, problems = decode_str(text)
    if problems:
        return {"refused": problems[0].message}
    return {"read": template}


texts = json.load(sys.stdin)
values = json.dumps({name: read(text) for name, text in texts.items()}, default=repr)
json.dump(json.loads(values, parse_constant=str), sys.stdout)
