"""What Grafana does with a dashboard before it asks Prometheus: the variables."""

import json
import re

from rendering import of_kind, render

VARIABLE = re.compile(r"\$\{(\w+)\}|\$([A-Za-z_]\w*)")
# What Grafana escapes in a value of a variable that takes several: doubly, for a PromQL string that is a regular expression.
SPECIAL = re.compile(r"[\\^$*+?.()|{}\[\]]")
LABEL_VALUES = re.compile(r"label_values\((.+), ([^,]+)\)")


def dashboards(values=None):
    """The dashboards in the rendered ConfigMaps, by uid."""
    maps = [item for item in of_kind(render(values), "ConfigMap") if "grafana_dashboard" in item["metadata"]["labels"]]
    found = [json.loads(text) for item in maps for text in item["data"].values()]
    return {dashboard["uid"]: dashboard for dashboard in found}


def variables(dashboard, **chosen):
    """The value of each variable that a query may name: what was chosen, else All, else the text of the box."""
    values = {}
    for variable in dashboard["templating"]["list"]:
        if variable["type"] == "query":
            values[variable["name"]] = variable["allValue"]
        elif variable["type"] == "textbox":
            values[variable["name"]] = variable["current"]["value"]
    several = {name: "|".join(SPECIAL.sub(r"\\\\\g<0>", value) for value in picked) for name, picked in chosen.items()}
    return {**values, **{name: f"({alternatives})" for name, alternatives in several.items()}}


def interpolate(text, values):
    """The text with its variables replaced; one that the dashboard does not have is an error, `$1` is none."""
    return VARIABLE.sub(lambda match: values[match[1] or match[2]], text)


def targets(dashboard):
    """Each query of each panel: panel, target."""
    return [(panel, target) for panel in dashboard["panels"] for target in panel.get("targets", [])]


def run(server, target, values):
    """What a query returns, asked as its panel does: now, or over time."""
    expression = interpolate(target["expr"], values)
    return server.query(expression) if target["instant"] else server.range(expression)


def choices(server, variable, values):
    """The values that a variable offers."""
    selector, label = LABEL_VALUES.fullmatch(interpolate(variable["query"]["query"], values)).groups()
    return server.label_values(label, selector)
