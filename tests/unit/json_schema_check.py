"""A small reading of JSON Schema: the part that session.schema.json uses, and nothing it does not know."""

import re

KNOWN = frozenset(
    {
        *("$ref", "$schema", "$defs", "additionalProperties", "const", "description", "enum", "items"),
        *("title", "minimum", "maximum", "oneOf", "pattern", "properties", "required", "type"),
    }
)
TYPES = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "null": type(None),
}


def faults(value, schema, root, path="$"):
    """Return what in `value` does not fit `schema`, each with its path."""
    assert schema.keys() <= KNOWN, schema.keys() - KNOWN
    if "$ref" in schema:
        return faults(value, root["$defs"][schema["$ref"].removeprefix("#/$defs/")], root, path)
    if "oneOf" in schema:
        fitting = [option for option in schema["oneOf"] if not faults(value, option, root, path)]
        return [] if len(fitting) == 1 else [f"{path}: fits {len(fitting)} of oneOf"]
    if "const" in schema and value != schema["const"]:
        return [f"{path}: is not {schema['const']!r}"]
    if "enum" in schema and value not in schema["enum"]:
        return [f"{path}: {value!r} is not one of {schema['enum']}"]
    if "type" in schema and not _is_of(value, schema["type"]):
        return [f"{path}: {value!r} is not {schema['type']}"]
    return [*_plain_faults(value, schema, path), *_inner_faults(value, schema, root, path)]


def _is_of(value, kinds):
    names = [kinds] if isinstance(kinds, str) else kinds
    if isinstance(value, bool):
        return "boolean" in names
    return any(isinstance(value, TYPES[name]) for name in names)


def _plain_faults(value, schema, path):
    if isinstance(value, str) and "pattern" in schema and not re.search(schema["pattern"], value):
        yield f"{path}: {value!r} does not match"
    if isinstance(value, (int, float)) and value < schema.get("minimum", value):
        yield f"{path}: {value} is too small"
    if isinstance(value, (int, float)) and value > schema.get("maximum", value):
        yield f"{path}: {value} is too large"


def _inner_faults(value, schema, root, path):
    if isinstance(value, list) and "items" in schema:
        for number, item in enumerate(value):
            yield from faults(item, schema["items"], root, f"{path}[{number}]")
    if isinstance(value, dict):
        known = schema.get("properties", {})
        other = schema.get("additionalProperties", True)
        yield from (f"{path}: lacks {name}" for name in schema.get("required", ()) if name not in value)
        for name, item in value.items():
            inner = known.get(name, other)
            if inner is False:
                yield f"{path}: has {name}"
            elif inner is not True:
                yield from faults(item, inner, root, f"{path}.{name}")
