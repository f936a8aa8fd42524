"""What the dashboards have in common: variables and everything around the panels."""

import panels

# The chart replaces the values of these four by those of its own `prometheus.*`; see chart/templates/dashboards.yaml.
PREFIX = ("prefix", "Prefix of pod, namespace, container", "exported_", "What Prometheus puts before our labels; empty where it keeps them.")
STALE = ("stale", "Stale after seconds", "180", "A sample that is older, by the node's clock, counts for nothing.")
DCGM_PREFIX = ("dcgm_prefix", "Prefix of DCGM's labels", "exported_", "The same for the labels of DCGM.")
DCGM_SCALE = ("dcgm_scale", "Factor of DCGM", "100", "What DCGM_FI_PROF_GR_ENGINE_ACTIVE is multiplied with to give percent.")

RUN = "gpu_session_collector_last_run_timestamp_seconds"


def textbox(name, label, value, description):
    choice = {"selected": True, "text": value, "value": value}
    return {
        "type": "textbox", "name": name, "label": label, "description": description, "query": value, "current": choice,
        "options": [choice], "hide": 0, "skipUrlSync": False,
    }


def choice(name, label, query):
    """A variable whose values come from Prometheus; All also takes what does not have the label."""
    return {
        "type": "query", "name": name, "label": label, "datasource": panels.DATASOURCE, "definition": query,
        "query": {"qryType": 1, "query": query, "refId": "PrometheusVariableQueryEditor-VariableQuery"},
        "multi": True, "includeAll": True, "allValue": ".*", "current": {"selected": True, "text": ["All"], "value": ["$__all"]},
        "options": [], "refresh": 2, "sort": 1, "regex": "", "hide": 0, "skipUrlSync": False,
    }


def variables(*boxes):
    return [
        {
            "type": "datasource", "name": "datasource", "label": "Data source", "query": "prometheus", "regex": "", "current": {},
            "options": [], "refresh": 1, "multi": False, "includeAll": False, "hide": 0, "skipUrlSync": False,
        },
        choice("cluster", "Cluster", f"label_values({RUN}, cluster)"),
        choice("node", "Node", f'label_values({RUN}{{cluster=~"$cluster"}}, instance)'),
        choice("namespace", "Namespace", 'label_values(gpu_process_info{cluster=~"$cluster", instance=~"$node"}, ${prefix}namespace)'),
        *(textbox(*box) for box in (PREFIX, STALE, *boxes)),
    ]


def dashboard(uid, title, description, boxes, content):
    return {
        "uid": uid, "title": title, "description": description, "tags": ["gpu", "gpu-sessions"], "schemaVersion": 41, "version": 1,
        "editable": True, "graphTooltip": 1, "refresh": "1m", "time": {"from": "now-6h", "to": "now"}, "timezone": "browser",
        "annotations": {"list": []}, "timepicker": {}, "templating": {"list": variables(*boxes)},
        "links": [
            {
                "type": "dashboards", "title": "GPU sessions", "tags": ["gpu-sessions"], "asDropdown": False, "includeVars": True,
                "keepTime": True, "icon": "external link", "targetBlank": False, "tooltip": "", "url": "",
            }
        ],
        "panels": panels.place(content),
    }
