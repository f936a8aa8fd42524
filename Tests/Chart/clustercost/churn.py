"""What a node gives a Prometheus to keep: the release executable run minute by minute on a made node."""

import contextlib
import dataclasses
import pathlib
import re
import tempfile
import time

from rendering import ROOT, collector, of_kind, render

import exposition
import scale_model
import scale_node
from scale_run import Node

EXECUTABLE = ROOT / ".build/release/gpu-sessions"
GPUS, PROCESSES, PODS = 8, 64, 32
VALUES = {"with": {}, "without": {"collection.memoryLabel": False}}
# Options of the pod that say where a container finds the node: a made node is a directory.
PLACES = ("--host-root", "--proc", "--kubelet-root", "--output", "--timeout", "--interval", "--for")
SETTLED_SECONDS = 2


@dataclasses.dataclass(frozen=True)
class Growing(scale_model.Process):
    """A process that holds one MiB more each minute."""

    minute: int = 0

    @property
    def memory(self):
        return super().memory + self.minute


def population(minute):
    """As many processes as wanted on one GPU each: those of the model that are on two are left out."""
    single = [process for process in scale_model.processes(2 * PROCESSES, PODS) if process.index % 10 != 9]
    return [Growing(process.index, process.container, minute) for process in single[:PROCESSES]]


def options(values):
    """The chart's own options of a collection, but for the places; the node has a name."""
    (workload,) = of_kind(render({"collection.mode": "daemonset", **values}), "DaemonSet")
    arguments, kept = iter(collector(workload)["args"][1:]), []
    for argument in arguments:
        if argument in PLACES:
            next(arguments)
        else:
            kept.append(argument.replace("$(NODE_NAME)", "node-1"))
    return kept


@contextlib.contextmanager
def made_node():
    """The node in its first minute, in a directory that is gone afterwards."""
    with tempfile.TemporaryDirectory() as directory:
        root = pathlib.Path(directory, "root")
        listed = population(0)
        scale_node.write_root(root, listed, PODS, 2 * PODS)
        on = scale_model.devices(GPUS)
        yield Node(pathlib.Path(directory), EXECUTABLE, root, listed, on, PODS), on


def pages(values, minutes):
    """The file that each minute's run publishes."""
    with made_node() as (node, on):
        for minute in range(minutes):
            scale_node.write_answers(node.directory, population(minute), on)
            node.finish(node.start(options=options(values)))
            yield node.output.read_bytes()


def measure(values, minutes):
    """Samples of one scrape, all of them active series, and series that a minute has and none before had."""
    seen, counts, new = set(), set(), []
    for page in pages(values, minutes):
        samples = exposition.parse(page)
        counts.add(len(samples))
        new.append(len(samples.keys() - seen))
        seen |= samples.keys()
    (count,), (each,) = counts, set(new[1:])
    return {"samples": count, "new_each_minute": each}


def resident_kib():
    """What one that stays holds between two collections: all of it, and its own without the pages of the executable."""
    with made_node() as (node, _):
        process = node.start(options=[*options({}), "--interval", "60"])
        try:
            give_up = time.monotonic() + 30
            while not node.output.exists() and time.monotonic() < give_up:
                time.sleep(0.1)
            time.sleep(SETTLED_SECONDS)
            status = pathlib.Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
        finally:
            process.terminate()
            process.wait()
    found = re.findall(r"^(VmRSS|RssAnon):\s+(\d+) kB$", status, re.MULTILINE)
    return {name: int(size) for name, size in found}
