"""Parameters of a run: what the definition declares, and a run's values checked and completed by it."""

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import jsonschema_rs
from jsonschema_rs import Draft202012Validator, RegexOptions, ValidationError

from headrace.core.definition.document import canonical
from headrace.core.definition.faults import Faults, listed, shown
from headrace.core.definition.model import Workflow
from headrace.core.definition.section import ID_LENGTH, IDENTIFIER, Section
from headrace.core.definition.shape import check_shape
from headrace.core.refusal import Refused

Json = Any

_REFERENCES = frozenset({"$ref", "$dynamicRef", "$recursiveRef", "$id", "$schema", "$vocabulary"})
_DESCRIBED = frozenset(
    {"type", "enum", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}
    | {"minLength", "maxLength", "minItems", "maxItems", "pattern", "format", "multipleOf", "uniqueItems"}
)
_MASK = "***"
_TYPES = frozenset({"array", "boolean", "integer", "null", "number", "object", "string"})


def check_params(spec: Section) -> tuple[Mapping[str, Any], tuple[str, ...]]:
    """(schemas by name, required names) of ``spec.params`` and ``spec.required``; faults are noted."""
    params = spec.mapping("params")
    upper: dict[str, str] = {}
    for name, schema in params.items():
        path = f"{spec.at('params')}.{name}"
        if not IDENTIFIER.fullmatch(name) or len(name) > ID_LENGTH:
            spec.faults.add(path, "definition_param_name", found=shown(name))
        elif name.upper() in upper:
            spec.faults.add(path, "definition_param_twice", found=name, other=upper[name.upper()])
        upper.setdefault(name.upper(), name)
        _check_schema(schema, path, spec.faults)
    required = spec.texts("required")
    for i, name in enumerate(required):
        if name not in params:
            spec.faults.unknown(f"{spec.at('required')}[{i}]", "definition_param_unknown", name, params)
    return params, tuple(dict.fromkeys(required))


def fill(workflow: Workflow, params: Json, limit: int) -> dict[str, Json]:
    """The run's parameters with defaults filled in. ``limit`` is bytes of JSON.

    Raises Refused: kind "limit" when they are too large or too deep, else "invalid", "params_invalid" with
    all problems (paths ``params.batch``). Values of secret parameters are never quoted.
    """
    if not isinstance(params, Mapping):
        raise Refused("invalid", "params_type", {"found": shown(params)})
    if not params and not workflow.params:
        return {}
    check_shape(params)
    size = len(json.dumps(params, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    if size > limit:
        raise Refused("limit", "params_too_large", {"size": size, "limit": limit})
    faults = Faults()
    for name in params.keys() - workflow.params.keys():
        faults.unknown(f"params.{name}", "params_unknown", name, workflow.params)
    filled = {**_defaults(workflow), **params}
    for name in workflow.required:
        if name not in filled:
            faults.add(f"params.{name}", "params_required", name=name)
    _note_errors(workflow.params, filled, faults)
    if faults.problems:
        raise Refused("invalid", "params_invalid", {"count": len(faults.problems)}, faults.problems)
    return filled


def accepts(schema: Mapping[str, Json], value: Json) -> bool:
    """Whether a parameter of this schema may have this value."""
    return _compile(dict(schema)).is_valid(value)


def _defaults(workflow: Workflow) -> dict[str, Json]:
    return {name: schema["default"] for name, schema in workflow.params.items() if "default" in schema}


def _note_errors(schemas: Mapping[str, Any], values: Mapping[str, Json], faults: Faults) -> None:
    for error in _validator(canonical(schemas)).iter_errors(dict(values)):
        place = list(error.instance_path)
        secret = bool(place) and schemas.get(str(place[0]), {}).get("secret") is True
        path = "params" + "".join(_step(part) for part in place)
        _note(path, error, secret, faults)


def _note(path: str, error: ValidationError, secret: bool, faults: Faults) -> None:
    kind = error.kind.name
    found = _MASK if secret else shown(error.instance)
    if kind in _DESCRIBED:
        code = "params_kind" if kind == "type" else f"params_{kind}"
        faults.add(path, code, found=found, wanted=_wanted(error))
    else:
        faults.add(path, "params_other", found=found, error="" if secret else error.message[:300])


def _wanted(error: ValidationError) -> str:
    value = error.kind.value
    return listed(str(item) for item in value[:50]) if isinstance(value, list | tuple) else str(value)


def _step(part: str | int) -> str:
    return f"[{part}]" if isinstance(part, int) else f".{part}"


@lru_cache(maxsize=512)
def _validator(schemas: str) -> Draft202012Validator:
    """Compiled once per set of declarations. Patterns run in linear time; nothing is ever fetched."""
    return _compile({"type": "object", "properties": json.loads(schemas)})


def _compile(schema: Json) -> Draft202012Validator:
    return Draft202012Validator(schema, validate_formats=True, pattern_options=RegexOptions(), offline=True)


def _check_schema(schema: Json, path: str, faults: Faults) -> None:
    if not isinstance(schema, Mapping):
        faults.add(path, "definition_type_mapping", found=shown(schema))
        return
    before = len(faults.problems)
    for place, key in _references(schema, path):
        faults.add(place, "definition_param_reference", found=key)
    if "secret" in schema and not isinstance(schema["secret"], bool):
        faults.add(f"{path}.secret", "definition_type_flag", found=shown(schema["secret"]))
    kind = schema.get("type")
    if isinstance(kind, str) and kind not in _TYPES:
        faults.unknown(f"{path}.type", "definition_choice", kind, _TYPES)
    if len(faults.problems) == before:
        _check_compiles(schema, path, faults)


def _check_compiles(schema: Mapping[str, Json], path: str, faults: Faults) -> None:
    try:
        validator = _compile(dict(schema))
    except (ValidationError, ValueError, jsonschema_rs.ReferencingError) as error:
        place = path + "".join(_step(part) for part in getattr(error, "instance_path", ()))
        text = getattr(error, "message", str(error))[:300]
        faults.add(place, "definition_param_schema", error=text)
        return
    if "default" in schema and not validator.is_valid(schema["default"]):
        secret = schema.get("secret") is True
        found = _MASK if secret else shown(schema["default"])
        faults.add(f"{path}.default", "definition_param_default", found=found)


def _references(schema: Json, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(schema, Mapping):
        for key, item in schema.items():
            if key in _REFERENCES:
                yield f"{path}.{key}", key
            yield from _references(item, f"{path}.{key}")
    elif isinstance(schema, list):
        for i, item in enumerate(schema):
            yield from _references(item, f"{path}[{i}]")
