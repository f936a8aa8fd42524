#!/usr/bin/env python3
"""What the chart costs a cluster of 1, 100 and 10,000 nodes: the table in chart/COST.md.

Usage: cluster_cost.py [--measure] [--write]      Without either it says whether the page has it; exit status 1 if not.

--measure takes the figures anew, with the release executable and helm: some twenty minutes, for Helm renders a CronJob
for each node. --write puts the table into the page.
"""

import json
import pathlib
import sys

from clustercost import churn, release, table
from values_table import keep

FIGURES = pathlib.Path(__file__).resolve().parent / "clustercost" / "figures.json"
MINUTES = 60
BETWEEN = 1000


def measured():
    """Everything that the table does not count on paper."""
    sizes = {nodes: release.measure(nodes) for nodes in (*table.NODES, BETWEEN)}
    known = {nodes: sizes[nodes]["secret"] for nodes in (BETWEEN, max(sizes))}
    return {
        "release": sizes,
        "daemonset": release.measure(max(sizes), "daemonset"),
        "largest": release.largest(known),
        "series": {which: churn.measure(values, MINUTES) for which, values in churn.VALUES.items()},
        "resident": churn.resident_kib(),
    }


def contents():
    """The tables of the page, from the figures."""
    return table.text(json.loads(FIGURES.read_text()))


def main():
    if "--measure" in sys.argv[1:]:
        FIGURES.write_text(json.dumps(measured(), indent=2, sort_keys=True) + "\n")
    keep("cost", contents(), "cluster_cost.py")


if __name__ == "__main__":
    main()
