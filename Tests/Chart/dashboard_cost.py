#!/usr/bin/env python3
"""
How long a Prometheus takes for what the dashboards ask of a fleet: chart/COST.md has the figures.

Usage: dashboard_cost.py [HOURS]

Takes every sample of the fleet of test_dashboard_fleet.py and what the rules record of it, gives a new Prometheus these samples
for each minute of the last hours (6), and asks as a browser does: six questions at a time. Some six minutes and 6 GB of disk.
"""

import collections
import concurrent.futures
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import unittest

import grafana
import monitoring
import test_dashboard_fleet
from rendering import tool

STEP = 60
# Connections that a browser opens to one server.
AT_ONCE = 6
# Above it a sample is a time, which moves on with the clock.
OLDEST_TIME = 1e9


def fleet_now(dashboards):
    """The series that the dashboards read, as name, labels and value."""
    test_dashboard_fleet.setUpModule()
    server = test_dashboard_fleet.Fleet.server
    known = set(server.get("label/__name__/values"))
    words = {word for board in dashboards.values() for _, target in grafana.targets(board) for word in re.findall(r"[\w:]+", target["expr"])}
    for name in sorted(known & words):
        for labels, value in server.query(f'last_over_time({{__name__="{name}"}}[2m])'):
            yield name, {label: text for label, text in labels.items() if label != "__name__"}, value
    unittest.doModuleCleanups()


def write_history(file, samples, times):
    """OpenMetrics with each sample at each of the times."""
    last = None
    for name, labels, value in samples:
        if name != last:
            file.write(f"# TYPE {name} unknown\n")
        last = name
        series = monitoring.series(name, labels)
        moves = value > OLDEST_TIME
        file.writelines(f"{series} {value + at - times[-1] if moves else value} {at}\n" for at in times)
    file.write("# EOF\n")


def ask(server, question):
    """Seconds that one query of a panel takes."""
    panel, target, values, (start, end) = question
    expression = grafana.interpolate(target["expr"], values)
    began = time.monotonic()
    if target["instant"]:
        server.get("query", query=expression, time=end)
    else:
        step = max(STEP, (end - start) // panel["maxDataPoints"])
        server.get("query_range", query=expression, start=start, end=end, step=step)
    return time.monotonic() - began


def measure(server, dashboard, shown):
    chosen = test_dashboard_fleet.POD if dashboard["uid"] == "gpu-sessions-pod" else {}
    values = grafana.variables(server, dashboard, **chosen)
    begun = [(panel, target, values, shown) for panel in dashboard["panels"] for target in panel.get("targets", [])]
    for attempt in ("first", "second"):
        began = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(lambda question: ask(server, question), begun))
        print(f"{dashboard['title']}: all open panels, {attempt} time: {time.monotonic() - began:.2f} s")
    alone = collections.Counter()
    for panel, target in grafana.targets(dashboard):
        alone[panel["title"]] += ask(server, (panel, target, values, shown))
    print("  one after the other, the slowest: " + ", ".join(f"{title} {taken:.2f} s" for title, taken in alone.most_common(8)))


def main(hours):
    dashboards = grafana.dashboards()
    samples = list(fleet_now(dashboards))
    end = int(time.time())
    times = list(range(end - hours * 3600, end, STEP))
    grafana.TIME["__range"] = f"{hours * 3600}s"
    with tempfile.TemporaryDirectory() as directory:
        history = pathlib.Path(directory, "history")
        with open(history, "w", encoding="utf-8") as file:
            write_history(file, samples, times)
        subprocess.run([tool("promtool"), "tsdb", "create-blocks-from", "openmetrics", history, f"{directory}/data"],
                       check=True, stdout=subprocess.DEVNULL)
        history.unlink()
        print(f"{len(samples)} series of {hours} hours")
        with monitoring.prometheus([], data=f"{directory}/data") as server:
            server.wait()
            for dashboard in dashboards.values():
                measure(server, dashboard, (times[0], times[-1]))


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 6)
