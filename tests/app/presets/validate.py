#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Tallybell authors
# SPDX-License-Identifier: MIT
"""Checks all presets, and some files that are wrong, against source.schema.json."""

import json
import pathlib
import sys

try:
    from jsonschema import Draft202012Validator
except ImportError:
    print("skipped: no Python module jsonschema here (Debian: python3-jsonschema)")
    sys.exit(0)

folder = pathlib.Path(sys.argv[1])
schema = json.loads((folder / "source.schema.json").read_text(encoding="utf-8"))
Draft202012Validator.check_schema(schema)
validator = Draft202012Validator(schema)

STEP = {"name": "n", "url": "u"}
STREAM = {"schema": 1, "stream": {"url": "u"}}
GOOD = {
    "a filled preset": {"schema": 1, "preset": "jmap", "vars": {"base": "https://a", "n": 1}},
    "a schema for the editor": {"$schema": "source.schema.json", **STREAM},
    "a prompt": {**STREAM, "login": [{"name": "n", "prompt": {"var": "v", "label": "l"}}]},
    "a pointer from a variable": {**STREAM, "rules": [{"do": "set", "pointer": "${p}"}]},
}
BAD = {
    "no schema": {"stream": {"url": "u"}},
    "nothing to watch": {"schema": 1},
    "an unknown key": {**STREAM, "streem": {}},
    "an unknown key of a step": {**STREAM, "login": [{**STEP, "expects": {}}]},
    "require outside permissions": {**STREAM, "login": [{**STEP, "require": []}]},
    "a step without address": {**STREAM, "login": [{"name": "n"}]},
    "a step with address and prompt":
        {**STREAM, "login": [{**STEP, "prompt": {"var": "v", "label": "l"}}]},
    "two bodies": {**STREAM, "login": [{**STEP, "body": {"json": 1, "text": "t"}}]},
    "an unknown action": {**STREAM, "rules": [{"do": "jump"}]},
    "a set without a number": {**STREAM, "rules": [{"do": "set"}]},
    "a keyAdd without a key": {**STREAM, "rules": [{"do": "keyAdd"}]},
    "an event that is a comment": {**STREAM, "rules": [{"event": "e", "comment": "c", "do": "stop"}]},
    "a wrong pointer": {**STREAM, "rules": [{"do": "set", "pointer": "count"}]},
    "a time of less than nothing": {**STREAM, "poll": {"everyS": 0}},
    "a close request that needs an answer": {**STREAM, "close": {"steps": [{**STEP, "extract": {}}]}},
    "a close request that expects an answer":
        {**STREAM, "close": {"steps": [{**STEP, "expect": {"json": []}}]}},
    "a close request kept for more than a day": {**STREAM, "close": {"keepS": 86401}},
    "a condition without one": {**STREAM, "errors": [{"as": "auth"}]},
    "removeWhere without a key":
        {**STREAM, "snapshot": [{**STEP, "count": {"removeWhere": [{"exists": True}]}}]},
}

failures = []
presets = [path for path in sorted(folder.glob("*.json")) if not path.match("*.schema.json")]
if not presets:
    failures.append(f"no presets in {folder}")
for path in presets:
    for error in validator.iter_errors(json.loads(path.read_text(encoding="utf-8"))):
        failures.append(f"{path.name}: {error.json_path}: {error.message}")
for name, source in GOOD.items():
    for error in validator.iter_errors(source):
        failures.append(f"{name}: {error.json_path}: {error.message}")
failures += [f"{name} is taken for a source" for name, source in BAD.items() if validator.is_valid(source)]

print("\n".join(failures) or f"{len(presets)} presets, {len(GOOD)} good and {len(BAD)} bad files")
sys.exit(bool(failures))
