# SPDX-License-Identifier: Apache-2.0
"""validate_json.py SCHEMA FILE…: exits 0 when every FILE is what SCHEMA says, else names the differences.

Formats are checked as well: date-time, uri and uri-reference, which the library leaves alone without further packages.
"""
import datetime
import json
import re
import sys

import jsonschema

formats = jsonschema.FormatChecker(formats=())


@formats.checks("date-time", raises=ValueError)
def is_date_time(text):
    return datetime.datetime.fromisoformat(text).tzinfo is not None


@formats.checks("uri-reference")
def is_uri_reference(text):
    return re.fullmatch(r"(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*", text) is not None


@formats.checks("uri")
def is_uri(text):
    return is_uri_reference(text) and re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", text) is not None


with open(sys.argv[1]) as file:
    schema = json.load(file)
validator_class = jsonschema.validators.validator_for(schema)
validator_class.check_schema(schema)
validator = validator_class(schema, format_checker=formats)
status = 0
for path in sys.argv[2:]:
    with open(path, encoding="utf-8") as file:
        document = json.load(file)
    for error in validator.iter_errors(document):
        print(path, "/".join(str(part) for part in error.absolute_path), error.message[:200], file=sys.stderr)
        status = 1
sys.exit(status)
