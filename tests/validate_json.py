# SPDX-License-Identifier: Apache-2.0
"""validate_json.py SCHEMA FILE: exits 0 when FILE is what SCHEMA says, else names the difference."""
import json
import sys

import jsonschema

with open(sys.argv[1]) as file:
    schema = json.load(file)
with open(sys.argv[2]) as file:
    document = json.load(file)
jsonschema.Draft202012Validator.check_schema(schema)
errors = list(jsonschema.Draft202012Validator(schema).iter_errors(document))
for error in errors:
    print("/".join(str(part) for part in error.absolute_path), error.message[:200], file=sys.stderr)
sys.exit(1 if errors else 0)
