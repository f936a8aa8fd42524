"""The figures as Markdown and as JSON."""

import dataclasses
import os
import pathlib
import platform
import re

import targets


def machine():
    """One line on the machine and how busy it is."""
    found = re.search(r"^model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    model = found.group(1) if found else platform.machine()
    return f"{model}, {os.cpu_count()} cores, Linux {platform.release()}, load {os.getloadavg()[0]:.1f}"


def table(head, rows):
    """A Markdown table."""
    lines = [f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows)]
    return "\n".join(lines) + "\n"


def milliseconds(spread):
    """The median, and the middle half of the runs."""
    low, middle, high = (f"{value / 1e6:.{2 if spread.median < 1e8 else 0}f}" for value in (spread.low, spread.median, spread.high))
    return f"{middle} ({low}–{high})"


def node_row(one):
    """One node."""
    return [
        f"{one.title}, {one.place}", f"{one.processes:,}", f"{targets.ratio(one.ours.wall, one.floor.wall):.2f}",
        f"{targets.ratio(one.ours.own, one.floor.own):.2f}", milliseconds(one.ours.own), milliseconds(one.ours.wall),
        f"{one.ours.rss.median / 1024:.1f}", f"{sum(one.calls.kinds.values()):,}", f"{one.calls.bytes_read:,}",
    ]


NODE_HEAD = ["node", "processes", "wall × floor", "CPU × floor", "own CPU ms", "wall ms", "peak RSS MiB", "system calls",
             "bytes read"]


def kinds(results):
    """System calls by kind, the collector's and the floor's, on the nodes that have targets."""
    results = [one for one in results if one.node in targets.LARGEST_RSS]
    names = sorted({name for one in results for name in one.calls.kinds},
                   key=lambda name: -max(one.calls.kinds.get(name, 0) for one in results))
    rows = [[f"`{name}`", *(f"{one.calls.kinds.get(name, 0):,} / {one.floor_calls.kinds.get(name, 0):,}"
                            for one in results)] for name in names[:12]]
    return table(["call, collector / floor", *(f"{one.processes:,} on {one.title}, {one.place}" for one in results)], rows)


BESIDE_HEAD = ["64 processes, children included", "CPU ms", "wall ms", "× CPU", "peak RSS MiB", "× RSS"]


def beside_row(name, one, ours):
    """One program beside our whole run. The peak is that of the largest process, not of all of them together."""
    return [name, milliseconds(one.tree), milliseconds(one.wall), f"{targets.ratio(one.tree, ours.tree):.1f}",
            f"{one.rss.median / 1024:.1f}", f"{targets.ratio(one.rss, ours.rss):.1f}"]


def shell(measured):
    """The shell collector beside ours, children included."""
    names = ("gpu-sessions", "shell collector", "shell collector without the 500 allocations")
    return table(BESIDE_HEAD, [beside_row(name, one, measured[0]) for name, one in zip(names, measured)])


def peers(ours, found):
    """What users run instead beside ours. Theirs is a lower bound: it ends where the driver's library is missing."""
    named = [("gpu-sessions, a whole run", ours)]
    named += [(f"{peer.name} {peer.version}, its start-up alone without a driver", peer.measured) for peer in found]
    return table(BESIDE_HEAD, [beside_row(name, one, ours) for name, one in named]) + "The peers' figures are lower bounds.\n"


def markdown(results, measured, verdicts, compared=None):
    """Everything that was measured; `compared` is what `peers` takes, None without peers."""
    parts = [table(NODE_HEAD, [node_row(one) for one in results])] + ([kinds(results)] if results else [])
    parts += [shell(measured)] if measured else []
    parts += [peers(*compared)] if compared else []
    rows = [[verdict.target, verdict.figure, verdict.word] for verdict in verdicts]
    return "\n".join([*parts, table(["target", "figure", "verdict"], rows)])


def as_json(results, measured, verdicts, compared=None):
    """The same for programs."""
    def plain(values):
        return [dataclasses.asdict(value) for value in values]

    named = [asdict | {"calls": one.calls._asdict(), "floor_calls": one.floor_calls._asdict()}
             for one, asdict in zip(results, plain(results))]
    ours, found = compared or (None, [])
    by_start_up = {"ours": ours and dataclasses.asdict(ours), "start-up alone, a lower bound": plain(found)}
    return {"machine": machine(), "nodes": named, "shell": plain(measured), "peers": by_start_up, "targets": plain(verdicts)}
