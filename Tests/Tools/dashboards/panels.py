"""Panels of Grafana's own kinds, and the rows they stand in."""

import dataclasses

import looks

DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}

# Labels become columns.
TITLES = {
    "cluster": "Cluster", "node": "Node", "instance": "Instance", "gpu": "GPU", "user": "User", "unit": "Unit",
    "slurm_job_id": "Slurm job", "command": "Command", "pid": "PID", "reason": "Reason", "name": "Model", "profile": "Profile",
    "stage": "Stage", "version": "Version", "gpu_uuid": "GPU UUID", "gpu_instance_id": "GPU instance", "uuid": "UUID",
    "compute_instance_id": "Compute instance", "namespace": "Namespace", "pod": "Pod", "container": "Container", "why": "Why",
    "alertname": "Alert", "severity": "Severity", "action": "Recovery", "clocks": "Clocks",
}
WIDTHS = {
    "Cluster": 110, "Node": 150, "GPU": 75, "Namespace": 140, "Container": 120, "User": 100, "Command": 150, "PID": 80,
    "Slurm job": 90, "Reason": 130, "Profile": 110, "GPU instance": 105, "Compute instance": 140, "Version": 90, "Stage": 110,
    "Severity": 85, "Alert": 230, "Why": 150,
}
WORDS = {"Severity": looks.SEVERITY, "Recovery": looks.ACTION}
LINKS = {"Pod": looks.POD_OF_ROW, "Node": looks.NODE_OF_ROW}


@dataclasses.dataclass(frozen=True)
class Column:
    """A figure in a table: without a title it only makes rows. `more` are labels that no other column has."""

    title: str | None
    expression: str
    unit: str = "none"
    more: tuple = ()
    steps: dict | None = None
    gauge_to: float | None = None
    words: list | None = None


def target(expression, reference="A", legend="", table=False, instant=True):
    return {
        "datasource": DATASOURCE, "editorMode": "code", "expr": expression, "refId": reference, "legendFormat": legend or "__auto",
        "format": "table" if table else "time_series", "instant": instant, "range": not instant,
    }


def panel(kind, title, description, size, targets, defaults, options, overrides=(), **more):
    width, height = size
    return {
        "type": kind, "title": title, "description": description, "datasource": DATASOURCE,
        "gridPos": {"w": width, "h": height}, "targets": targets,
        "fieldConfig": {"defaults": defaults, "overrides": list(overrides)}, "options": options, **more,
    }


def stat(title, description, expression, unit="none", steps=looks.NEUTRAL, width=4):
    """One figure."""
    return panel(
        "stat", title, description, (width, 4), [target(expression)],
        {"unit": unit, "thresholds": steps, "noValue": "not known"},
        {"colorMode": "value", "graphMode": "none", "textMode": "value", "reduceOptions": {"calcs": ["lastNotNull"]}},
    )


def series(title, description, lines, unit="none", stack=False, width=12, limit=None, links=()):
    """Lines over time; `lines` holds pairs of expression and legend."""
    custom = {"drawStyle": "line", "fillOpacity": 15, "lineWidth": 1, "showPoints": "never", "spanNulls": False}
    if stack:
        custom["stacking"] = {"mode": "normal", "group": "A"}
    targets = [target(expression, chr(65 + index), legend, instant=False) for index, (expression, legend) in enumerate(lines)]
    return panel(
        "timeseries", title, description, (width, 8), targets,
        {"unit": unit, "custom": custom, "min": 0, "links": list(links), **({} if limit is None else {"max": limit})},
        {
            "legend": {"displayMode": "table", "placement": "right", "showLegend": True, "calcs": ["lastNotNull", "max"]},
            "tooltip": {"mode": "multi", "sort": "desc"},
        },
        maxDataPoints=240, interval="1m",
    )


def override(title, properties):
    """How one column looks, by the properties that are not None."""
    given = [{"id": name, "value": value} for name, value in properties.items() if value is not None]
    return {"matcher": {"id": "byName", "options": title}, "properties": given}


def label_override(title):
    """How a column with a label looks."""
    words = WORDS.get(title)
    return override(title, {
        "custom.width": WIDTHS.get(title),
        "links": [LINKS[title]] if title in LINKS else None,
        "mappings": words,
        "custom.cellOptions": {"type": "color-text"} if words else None,
    })


def figure_override(column):
    """How a column with figures looks."""
    cell = None
    if column.gauge_to is not None:
        cell = {"type": "gauge", "mode": "basic"}
    elif column.words or column.steps:
        cell = {"type": "color-text"}
    return override(column.title, {
        "unit": column.unit, "thresholds": column.steps, "mappings": column.words, "custom.cellOptions": cell,
        "min": 0 if column.gauge_to else None, "max": column.gauge_to,
    })


def table(title, description, labels, columns, rank=None, limit=100, **more):
    """
    A table with a row for each set of these labels, at most `limit` of them: those highest by the expression `rank`, else by the
    first column. Every column is reduced to the labels.
    """
    first = f"max by ({', '.join(labels)}) ({rank or columns[0].expression})"
    targets = []
    for at, column in enumerate(columns):
        expression = f"max by ({', '.join((*labels, *column.more))}) ({column.expression})"
        kept = f"topk({limit}, {expression})" if expression == first else f"{expression} and on ({', '.join(labels)}) topk({limit}, {first})"
        targets.append(target(kept, chr(65 + at), table=True))
    return table_of(title, description, [*labels, *(name for column in columns for name in column.more)], columns, targets, **more)


def table_of(title, description, labels, columns, targets, width=24, height=9, sort=None):
    fields = ["Value"] if len(columns) == 1 else [f"Value #{item['refId']}" for item in targets]
    shown = {field: column.title for field, column in zip(fields, columns) if column.title}
    organize = {
        "excludeByName": {name: True for name in ["Time", *(field for field in fields if field not in shown)]},
        "indexByName": {name: index for index, name in enumerate([*labels, *shown])},
        "renameByName": {**{label: TITLES[label] for label in labels}, **shown},
    }
    titles = [TITLES[label] for label in labels if {TITLES[label]} & (WIDTHS.keys() | WORDS.keys() | LINKS.keys())]
    return panel(
        "table", title, description, (width, height), targets,
        {"custom": {"align": "auto", "filterable": True}},
        {"showHeader": True, "cellHeight": "sm", "sortBy": [{"displayName": sort, "desc": True}] if sort else []},
        [*map(label_override, titles), *(figure_override(column) for column in columns if column.title)],
        transformations=[{"id": "merge", "options": {}}, {"id": "organize", "options": organize}],
    )


def row(title, *content, collapsed=True):
    """Panels below a title. Those of a collapsed row are asked for only once somebody opens it."""
    return {"type": "row", "title": title, "collapsed": collapsed, "gridPos": {"w": 24, "h": 1}, "panels": list(content)}


def place(rows):
    """Gives panels their number and place: from left to right, and down when a line is full. Panels of an open row stand beside it."""
    placed, flat, y = [], [], 0
    for item in rows:
        flat += [item, *item["panels"]]
        item["gridPos"] |= {"x": 0, "y": y}
        bottom = flow(item["panels"], y + 1)
        placed.append(item)
        if item["collapsed"]:
            y += 1
        else:
            placed += item["panels"]
            item["panels"], y = [], bottom
    for number, item in enumerate(flat, 1):
        item["id"] = number
    return placed


def flow(panels, y):
    """Places panels from this line on, and returns the one below them."""
    x = height = 0
    for item in panels:
        size = item["gridPos"]
        if x + size["w"] > 24:
            x, y, height = 0, y + height, 0
        size |= {"x": x, "y": y}
        x, height = x + size["w"], max(height, size["h"])
    return y + height
