"""Pages of metrics of many nodes, as Prometheus' /federate has them, and what `show --from` takes for them."""

import os
import re
import subprocess
import sys
import tempfile
import time

import fixtures

NODE = "h100x8-containerd"
LABEL = re.compile(r'(?:^|,)(pod|namespace|container)="((?:[^"\\]|\\.)*)"')
# A page of eight times the nodes may take this many times longer, and samples of others this share of the time of as
# many bytes of ours.
MOST_GROWTH = 12
MOST_SHARE = 0.5
ROUNDS = 3


def renamed(labels):
    """The labels of a sample after a scrape by kube-prometheus-stack: ours are renamed, those without a value are gone."""
    def replace(match):
        return f',exported_{match[1]}="{match[2]}"' if match[2] else ""
    return LABEL.sub(replace, labels).strip(",")


def federated(nodes, seconds):
    """The page of so many nodes like one with eight GPUs, at this moment in seconds since 1970."""
    text = (fixtures.ROOT / fixtures.NODES / NODE / "expected.prom").read_text(encoding="utf-8")
    samples = [line for line in text.splitlines() if not line.startswith("#")]
    families = {}
    for number in range(nodes):
        target = (
            f'container="node-exporter",endpoint="http-metrics",instance="10.0.{number // 250}.{number % 250}:9100",'
            f'job="node-exporter",namespace="monitoring",pod="kps-prometheus-node-exporter-{number:05}",cluster="eu-1"')
        for line in samples:
            series, value = line.rsplit(" ", 1)
            name, _, labels = series.partition("{")
            if name.endswith("_last_run_timestamp_seconds"):
                value = f"{seconds - 20}"
            ours = renamed(labels.removesuffix("}"))
            families.setdefault(name, []).append(
                f"{name}{{{ours}{',' if ours else ''}{target}}} {value} {int(seconds * 1000)}\n")
    return "".join(f"# TYPE {name} untyped\n" + "".join(families[name]) for name in sorted(families))


def foreign(size):
    """So many bytes of samples of node_exporter itself."""
    line = 'node_cpu_seconds_total{cpu="%d",mode="idle",instance="10.0.0.1:9100",job="node-exporter",pod="kps-x"} 12345.67 %d\n'
    now = int(time.time() * 1000)
    lines, length = [], 0
    while length < size:
        lines.append(line % (len(lines) % 128, now))
        length += len(lines[-1])
    return "".join(lines)


def seconds_for(executable, page):
    """The CPU time of the best of some runs on the page, user and system, and the lines that it printed."""
    best, printed = float("inf"), 0
    with tempfile.NamedTemporaryFile("w", encoding="utf-8") as file:
        file.write(page)
        file.flush()
        for _ in range(ROUNDS):
            before = os.times()
            done = subprocess.run(
                [str(executable), "show", "--from", file.name], stdin=subprocess.DEVNULL, capture_output=True,
                timeout=fixtures.LIMIT_SECONDS, check=True)
            after = os.times()
            best = min(best, sum(after[2:4]) - sum(before[2:4]))
            printed = done.stdout.count(b"\n")
    return best, printed


def compare_times(executable):
    """Ends the program with a sentence if a large page takes too much more than a small one."""
    now = time.time()
    small, large = federated(25, now), federated(200, now)
    (few, lines), (many, more) = seconds_for(executable, small), seconds_for(executable, large)
    beside, _ = seconds_for(executable, small + foreign(len(large)))
    growth, share = many / max(few, 0.001), (beside - few) / many
    print(f"25 nodes: {few:.2f} s; 200 nodes, {len(large) >> 20} MiB: {many:.2f} s, {growth:.1f} times as long;"
          f" as many bytes of others: {beside - few:.2f} s, {share:.2f} of it")
    if more != 8 * lines + 7:
        sys.exit(f"show_from.py: {lines} lines for 25 nodes, and {more} for 200")
    if growth > MOST_GROWTH or share > MOST_SHARE:
        sys.exit(f"show_from.py: at most {MOST_GROWTH} times as long, and {MOST_SHARE} for others")
