#!/usr/bin/env python3
"""packaging/prometheus/gpu-sessions.rules.yml: the chart's alerts and recording rules for a Prometheus without Kubernetes.

Usage: plain_rules.py [--write]      Without --write it says whether the file is what the chart makes; exit status 1 if not.
"""

import sys

import yaml

from rendering import ROOT, of_kind, render

FILE = ROOT / "packaging" / "prometheus" / "gpu-sessions.rules.yml"
HEAD = """\
# Alerts and recording rules of gpu-sessions, for a Prometheus without Kubernetes: name this file in `rule_files`. Made from
# chart/templates/rules by `make golden`, with the chart's defaults; change those there. chart/RULES.md explains it. It needs
# a collection each minute, and node_exporter's collector `time`. pod, namespace and container may arrive as such or as
# exported_…
"""


class Dumper(yaml.SafeDumper):
    """Writes expressions of several lines as blocks."""


def as_text(dumper, text):
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


Dumper.add_representer(str, as_text)


ORDER = ("record", "alert", "expr", "for", "keep_firing_for", "labels", "annotations", "summary", "description", "runbook_url")


def ordered(item):
    """The same with the keys of rules in the order in which one reads them."""
    if isinstance(item, list):
        return [ordered(each) for each in item]
    if isinstance(item, dict):
        keys = sorted(item, key=lambda key: ORDER.index(key) if key in ORDER else -1)
        return {key: ordered(item[key]) for key in keys}
    return item


def groups():
    (rule,) = of_kind(render({"prometheusRule.enabled": True}), "PrometheusRule")
    return rule["spec"]["groups"]


def text():
    return HEAD + yaml.dump({"groups": ordered(groups())}, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=120)


if __name__ == "__main__":
    if "--write" in sys.argv[1:]:
        FILE.write_text(text(), encoding="utf-8")
    elif FILE.read_text(encoding="utf-8") != text():
        sys.exit(f"{FILE.relative_to(ROOT)} is not what the chart makes: Tests/Chart/plain_rules.py --write")
