"""What the dashboards have in common: variables and everything around the panels."""

import panels
from queries import AGE, CLUSTER, by, select

RUN = "gpu_session_collector_last_run_timestamp_seconds"
# The chart replaces the values of these two by its own; see chart/templates/dashboards.yaml.
STALE = ("stale", "180")
PRICE = ("price", "Price per GPU-hour", "1", "What a whole GPU costs for an hour, in any currency.")


def constant(name, value):
    return {"type": "constant", "name": name, "query": value, "current": {"text": value, "value": value}, "hide": 2, "skipUrlSync": True}


def textbox(name, label, value, description):
    return {
        "type": "textbox", "name": name, "label": label, "description": description, "query": value,
        "current": {"text": value, "value": value}, "options": [{"selected": True, "text": value, "value": value}], "hide": 0,
        "skipUrlSync": False,
    }


def labels_of(series, label):
    """The values that a label has in scraped series."""
    return {"qryType": 1, "query": f"label_values({series}, {label})"}, ""


def labels_in(expression, label):
    """The values that a label has in the result of an expression."""
    return {"qryType": 3, "query": f"query_result({by('group', label, expression)})"}, f'/{label}="([^"]+)"/'


def choice(name, label, query, several=True):
    """A variable whose values come from Prometheus. All also takes what does not have the label; without `several` there is no All."""
    question, regex = query
    every = {"includeAll": True, "allValue": ".*", "current": {"text": ["All"], "value": ["$__all"]}}
    return {
        "type": "query", "name": name, "label": label, "datasource": panels.DATASOURCE,
        "query": {**question, "refId": "PrometheusVariableQueryEditor-VariableQuery"}, "regex": regex,
        "multi": several, **(every if several else {"includeAll": False, "current": {}}),
        "options": [], "refresh": 2, "sort": 1, "hide": 0, "skipUrlSync": False,
    }


def found(name, query):
    """A variable that nobody chooses: all values that Prometheus has in the time shown."""
    variable = {**choice(name, "", query), "hide": 2, "skipUrlSync": True}
    return {key: value for key, value in variable.items() if key not in ("label", "allValue")}


DATASOURCES = {
    "type": "datasource", "name": "datasource", "label": "Data source", "query": "prometheus", "regex": "", "current": {},
    "options": [], "refresh": 1, "multi": False, "includeAll": False, "hide": 0, "skipUrlSync": False,
}
CLUSTERS = choice("cluster", "Cluster", labels_of(RUN, "cluster"))
UNNAMED = f'label_replace({select(AGE, "node=" + 2 * chr(34))}, "node", "$1", "instance", "(.+)")'
NODES = choice("node", "Node", labels_in(f"{UNNAMED} or {select(AGE)}", "node"))
OWNED = f"{{{CLUSTER}}}"
NAMESPACES = choice("namespace", "Namespace", labels_in(f"gpu:session:info{OWNED} or gpu:held:replicas{OWNED}", "namespace"))
COMMON = [DATASOURCES, CLUSTERS]
CHOSEN = [*COMMON, NODES, NAMESPACES]
OF_POD = f'{CLUSTER}, namespace="$namespace", pod="$pod"'
POD_LABELS = f'{{{CLUSTER}, namespace="$namespace"}}'
ONE_POD = [
    *COMMON,
    choice("namespace", "Namespace", labels_in(f"gpu:session:info{OWNED} or gpu:held:replicas{OWNED}", "namespace"), several=False),
    choice("pod", "Pod", labels_in(f"gpu:session:info{POD_LABELS} or gpu:held:replicas{POD_LABELS}", "pod"), several=False),
    constant("node", ".*"),
    found("instance", labels_of(f'{{__name__=~"gpu:session:info|gpu:held:fraction", {OF_POD}}}', "instance")),
]
# What Grafana adds by itself when it saves a dashboard: notes that somebody has made on it.
NOTES = {
    "builtIn": 1, "datasource": {"type": "grafana", "uid": "-- Grafana --"}, "enable": True, "hide": True,
    "iconColor": "rgba(0, 211, 255, 1)", "name": "Annotations & Alerts", "type": "dashboard",
}


def dashboard(uid, title, description, variables, rows):
    return {
        "uid": uid, "title": title, "description": description, "tags": ["gpu", "gpu-sessions"], "schemaVersion": 41, "version": 1,
        "editable": True, "graphTooltip": 1, "refresh": "1m", "time": {"from": "now-6h", "to": "now"}, "timezone": "browser",
        "annotations": {"list": [NOTES]}, "timepicker": {},
        "templating": {"list": [*variables, textbox(*PRICE), constant(*STALE)]},
        "links": [
            {
                "type": "dashboards", "title": "GPU sessions", "tags": ["gpu-sessions"], "asDropdown": False, "includeVars": True,
                "keepTime": True, "icon": "external link", "targetBlank": False, "tooltip": "", "url": "",
            }
        ],
        "panels": panels.place(rows),
    }
