"""cloudformation-validate over many templates with one engine: findings as a JSON list.

    python validate.py TEMPLATE…
"""

import json
import os
import sys

from cloudformation_validate import CompositeEngine, PseudoParameterOverrides, ValidateConfig

LEVELS = {"FATAL": "fatal", "ERROR": "error", "WARN": "warning", "INFO": "informational", "DEBUG": "informational"}


def main(templates):
    engine = CompositeEngine()
    here = ValidateConfig(pseudo_parameter_overrides=PseudoParameterOverrides(region=os.environ["AWS_DEFAULT_REGION"]))
    found = [
        {
            "file": template,
            "line": finding.start_line or 0,
            "rule": finding.rule_id,
            "level": LEVELS[finding.severity.name],
            "message": finding.message,
        }
        for template in templates
        for finding in engine.validate_template(template, here).diagnostics
    ]
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1:])
