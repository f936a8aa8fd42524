"""What Grafana's own types, those of its Foundation SDK, say against a dashboard."""

import copy
import enum
import json
import typing

from grafana_foundation_sdk.cog import encoder, plugins
from grafana_foundation_sdk.models.dashboard import Dashboard

plugins.register_default_plugins()


def complaints(dashboard):
    """Keys that Grafana does not know, and values of another type than it has for them; overrides too, each as if it were a default."""
    whole = {**dashboard, "panels": [*dashboard["panels"], *overridden(dashboard)]}
    read = Dashboard.from_json(copy.deepcopy(whole))
    return sorted({*lost(whole, as_json(read), ""), *mistyped(read, Dashboard, "")})


def as_json(read):
    return json.loads(encoder.JSONEncoder(sort_keys=True).encode(read))


def overridden(dashboard):
    """Each panel once more for each of its overrides, which there is what holds for all its fields."""
    for panel in (panel for item in dashboard["panels"] for panel in (item, *item.get("panels", []))):
        for override in panel.get("fieldConfig", {}).get("overrides", []):
            changed = copy.deepcopy(panel)
            for item in override["properties"]:
                *groups, name = item["id"].split(".")
                place = changed["fieldConfig"]["defaults"]
                for group in groups:
                    place = place.setdefault(group, {})
                place[name] = item["value"]
            yield changed


def lost(given, written, path):
    """What the types do not keep of what was given."""
    if isinstance(given, dict) and isinstance(written, dict):
        for key, value in given.items():
            if key not in written:
                yield f"{path}.{key}: not known"
            else:
                yield from lost(value, written[key], f"{path}.{key}")
    elif isinstance(given, list) and isinstance(written, list):
        for one, other in zip(given, written, strict=True):
            yield from lost(one, other, f"{path}[]")
    elif given != written:
        yield f"{path}: {given!r} became {written!r}"


def mistyped(value, hint, path):
    """What is of another type than the hint."""
    arguments = typing.get_args(hint)
    origin = typing.get_origin(hint)
    if hint in (object, typing.Any):
        if type(value).__module__.startswith("grafana_foundation_sdk."):
            yield from mistyped(value, type(value), path)
    elif origin is typing.Union:
        found = [list(mistyped(value, argument, path)) for argument in arguments]
        if all(found):
            yield from min(found, key=len)
    elif origin is typing.Literal:
        if value not in arguments:
            yield f"{path}: {value!r} is none of {arguments}"
    elif origin is list and isinstance(value, list):
        for item in value:
            yield from mistyped(item, arguments[0], f"{path}[]")
    elif origin is dict and isinstance(value, dict):
        for item in value.values():
            yield from mistyped(item, arguments[1], f"{path}{{}}")
    else:
        yield from of_another_class(value, origin or hint, path)


def of_another_class(value, kind, path):
    if isinstance(value, dict) and hasattr(kind, "from_json"):
        # The SDK leaves some objects as they are.
        read = kind.from_json(copy.deepcopy(value))
        yield from lost(value, as_json(read), path)
        yield from mistyped(read, kind, path)
    elif issubclass(kind, enum.Enum):
        if value not in [member.value for member in kind]:
            yield f"{path}: {value!r} is no {kind.__name__}"
    elif not isinstance(value, (int, float) if kind is float else kind) or (isinstance(value, bool) and kind is not bool):
        yield f"{path}: {value!r} is no {kind.__name__}"
    elif kind.__module__.startswith("grafana_foundation_sdk."):
        for name, hint in typing.get_type_hints(kind).items():
            yield from mistyped(getattr(value, name), hint, f"{path}.{name}")
