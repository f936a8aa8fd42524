"""What Grafana does with a dashboard before it asks Prometheus: the variables."""

import json
import re

from rendering import of_kind, render

VARIABLE = re.compile(r"\$\{(\w+)\}|\$([A-Za-z_]\w*)")
# What Grafana escapes in a value of a variable that takes several: doubly, for a PromQL string that is a regular expression.
SPECIAL = re.compile(r"[\\^$*+?.()|{}\[\]]")
LABEL_VALUES = re.compile(r"label_values\((.+), ([^,]+)\)")
QUERY_RESULT = re.compile(r"query_result\((.+)\)")
# The time that a dashboard shows.
TIME = {"__range": "60s"}


def dashboards(values=None):
    """The dashboards in the rendered ConfigMaps, by uid."""
    maps = [item for item in of_kind(render(values), "ConfigMap") if "grafana_dashboard" in item["metadata"]["labels"]]
    found = [json.loads(text) for item in maps for text in item["data"].values()]
    return {dashboard["uid"]: dashboard for dashboard in found}


def variables(server, dashboard, **chosen):
    """
    The value of each variable that a query may name: what was chosen, else All, else what the chart has set. Of a variable
    that takes several, a list is chosen, of one that takes one its value. All is what the dashboard says, else every value.
    """
    values = dict(TIME)
    for variable in dashboard["templating"]["list"]:
        name = variable["name"]
        if variable["type"] == "query":
            picked = chosen[name] if name in chosen else variable.get("allValue")
            if picked is None and variable["includeAll"]:
                picked = choices(server, variable, values)
            values[name] = several(picked) if isinstance(picked, list) else picked
        elif variable["type"] in ("textbox", "constant"):
            values[name] = variable["current"]["value"]
    return values


def several(picked):
    alternatives = [SPECIAL.sub(r"\\\\\g<0>", value) for value in picked]
    return f"({'|'.join(alternatives)})"


def interpolate(text, values):
    """The text with its variables replaced; one that the dashboard does not have is an error, `$1` is none."""
    return VARIABLE.sub(lambda match: values[match[1] or match[2]], text)


def panels(dashboard):
    """Every panel, those in collapsed rows too, and the rows."""
    return [panel for item in dashboard["panels"] for panel in (item, *item.get("panels", []))]


def targets(dashboard):
    """Each query of each panel: panel, target."""
    return [(panel, target) for panel in panels(dashboard) for target in panel.get("targets", [])]


def run(server, target, values):
    """What a query returns, asked as its panel does: now, or over time."""
    expression = interpolate(target["expr"], values)
    return server.query(expression) if target["instant"] else server.range(expression)


def choices(server, variable, values):
    """The values that a variable offers."""
    query = interpolate(variable["query"]["query"], values)
    if match := LABEL_VALUES.fullmatch(query):
        selector, label = match.groups()
        return server.label_values(label, selector)
    found = [as_text(labels) for labels, _ in server.query(QUERY_RESULT.fullmatch(query)[1])]
    matches = [re.search(variable["regex"].strip("/"), text) for text in found]
    return sorted(match[1] for match in matches if match)


def as_text(labels):
    """A series as Grafana writes it for the regular expression of a variable."""
    return "{" + ",".join(f'{name}="{value}"' for name, value in labels.items()) + "}"
