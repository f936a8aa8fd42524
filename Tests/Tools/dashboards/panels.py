"""Panels of Grafana's own kinds, and the rows they stand in."""

DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}

# Labels become columns; those of our own have one of two names.
TITLES = {
    "cluster": "Cluster", "node": "Node", "instance": "Instance", "gpu": "GPU", "user": "User", "unit": "Unit",
    "slurm_job_id": "Slurm job", "command": "Command", "pid": "PID", "type": "Type", "status": "Status", "uuid": "UUID",
    "resource": "Resource", "reason": "Reason", "name": "Model", "profile": "Profile", "stage": "Stage", "kind": "Kind",
    "version": "Version", "gpu_uuid": "GPU UUID", "gpu_instance_id": "GPU instance", "compute_instance_id": "Compute instance",
    **{prefix + name: name.capitalize() for prefix in ("exported_", "") for name in ("namespace", "pod", "container")},
}
WIDTHS = {
    "Cluster": 110, "Node": 150, "Instance": 160, "GPU": 75, "Namespace": 140, "Container": 120, "User": 100, "Command": 150,
    "PID": 80, "Type": 60, "Status": 80, "Slurm job": 90, "Reason": 130, "Profile": 110, "GPU instance": 105,
    "Compute instance": 140, "Version": 90, "Stage": 110,
}


def target(expression, reference="A", legend="", table=False, instant=True):
    return {
        "datasource": DATASOURCE, "editorMode": "code", "expr": expression, "refId": reference, "legendFormat": legend or "__auto",
        "format": "table" if table else "time_series", "instant": instant, "range": not instant,
    }


def panel(kind, title, description, size, targets, unit="short", **more):
    width, height = size
    return {
        "type": kind, "title": title, "description": description, "datasource": DATASOURCE,
        "gridPos": {"w": width, "h": height}, "targets": targets,
        "fieldConfig": {"defaults": {"unit": unit, **more.pop("defaults", {})}, "overrides": more.pop("overrides", [])},
        "options": more.pop("options", {}), **more,
    }


def stat(title, description, expression, unit="none", warn=None, width=4):
    """One figure. With `warn` it turns orange from 1 on."""
    steps = [{"color": "text" if warn is None else "green", "value": None}]
    if warn:
        steps.append({"color": "orange", "value": 1})
    return panel(
        "stat", title, description, (width, 4), [target(expression)], unit,
        defaults={"thresholds": {"mode": "absolute", "steps": steps}, "noValue": "not known"},
        options={"colorMode": "value", "graphMode": "none", "textMode": "value", "reduceOptions": {"calcs": ["lastNotNull"]}},
    )


def series(title, description, lines, unit="short", stack=False, width=12, top=None):
    """Lines over time; `lines` holds pairs of expression and legend."""
    custom = {"drawStyle": "line", "fillOpacity": 15, "lineWidth": 1, "showPoints": "never", "spanNulls": False}
    if stack:
        custom["stacking"] = {"mode": "normal", "group": "A"}
    targets = [target(expression, chr(65 + index), legend, instant=False) for index, (expression, legend) in enumerate(lines)]
    return panel(
        "timeseries", title, description, (width, 8), targets, unit,
        defaults={"custom": custom, "min": 0, **({} if top is None else {"max": top})},
        options={
            "legend": {"displayMode": "table", "placement": "right", "calcs": ["lastNotNull", "max"]},
            "tooltip": {"mode": "multi", "sort": "desc"},
        },
    )


def column(title, unit=None, width=None, **more):
    """How one column looks."""
    properties = [] if unit is None else [{"id": "unit", "value": unit}]
    if width is not None:
        properties.append({"id": "custom.width", "value": width})
    properties += [{"id": name, "value": value} for name, value in more.items()]
    return {"matcher": {"id": "byName", "options": title}, "properties": properties}


def table(title, description, columns, order, width=24, height=9, sort=None):
    """
    A table with a row per label set. `columns` holds triples of title, expression and unit; a title of None only makes rows.
    `order` names the labels in the order they are shown.
    """
    letters = [chr(65 + index) for index in range(len(columns))]
    fields = ["Value"] if len(columns) == 1 else [f"Value #{letter}" for letter in letters]
    shown = {field: title for field, (title, _, _) in zip(fields, columns) if title}
    labels = [name for label in order for name in ((f"exported_{label}", label) if label in ("namespace", "pod", "container") else (label,))]
    organize = {
        "excludeByName": {name: True for name in ["Time", *(field for field in fields if field not in shown)]},
        "indexByName": {name: index for index, name in enumerate([*labels, *shown])},
        "renameByName": {**{label: TITLES[label] for label in labels}, **shown},
    }
    widths = dict.fromkeys(TITLES[label] for label in labels)
    overrides = [column(name, width=WIDTHS[name]) for name in widths if name in WIDTHS]
    overrides += [column(title, unit, 120) for title, _, unit in columns if title]
    return panel(
        "table", title, description, (width, height),
        [target(expression, letter, table=True) for letter, (_, expression, _) in zip(letters, columns)],
        defaults={"custom": {"align": "auto", "filterable": True}}, overrides=overrides,
        options={"showHeader": True, "cellHeight": "sm", "sortBy": [{"displayName": sort, "desc": True}] if sort else []},
        transformations=[{"id": "merge", "options": {}}, {"id": "organize", "options": organize}],
    )


def row(title):
    return {"type": "row", "title": title, "collapsed": False, "gridPos": {"w": 24, "h": 1}, "panels": []}


def place(panels):
    """Gives panels their number and place: from left to right, and down when a line is full."""
    x = y = height = 0
    for number, item in enumerate(panels, 1):
        size = item["gridPos"]
        if x + size["w"] > 24:
            x, y, height = 0, y + height, 0
        item["id"] = number
        item["gridPos"] = {"x": x, "y": y, **size}
        x, height = x + size["w"], max(height, size["h"])
    return panels
