"""What is measured: the collector, the floor and the shell collector on one node."""

import contextlib
import dataclasses
import os

import beside  # noqa: F401

import exposition
import measuring
import nodes
import plan
import real
import tracing

PROGRAMS = ("stub", "floor", "measure", "sleepers")
MADE, REAL = "tmpfs", "/proc"


@dataclasses.dataclass(frozen=True)
class Result:
    """One node, in memory or with the machine's own /proc: what the collector took, and the floor beside it."""

    node: str
    place: str
    title: str
    processes: int
    ours: measuring.Measured
    floor: measuring.Measured
    calls: tracing.Calls
    floor_calls: tracing.Calls


def environment(node):
    """The same few variables for every program, on every machine."""
    return {"PATH": os.environ["PATH"], "LC_ALL": "C", "TMPDIR": str(node), "GPU_SESSIONS_FIXTURE": str(node)}


def collector(node):
    """The command that is measured."""
    return [measuring.built() / "gpu-sessions", "--nvidia-smi", measuring.built() / "stub", "--host-root", node / "root",
            "--output", node / "output/gpu_sessions.prom"]


def shell(node, part="all"):
    """The shell collector that does the same, or the part that is about sessions."""
    return ["/bin/sh", measuring.SOURCES / "collector.sh", measuring.built() / "stub", node / "root",
            node / f"output/shell-{part}.prom", part]


def series(path):
    """{(name, labels that are not empty): value} of a published file."""
    return {(name, frozenset(label for label in labels if label[1])): value
            for (name, labels), value in exposition.parse(path.read_bytes()).items()}


def check(node, placed):
    """An error unless the last run has published every process, and no trouble but pods that nothing names."""
    samples = exposition.parse((node / "output/gpu_sessions.prom").read_bytes())
    found = {dict(labels)["pid"] for (name, labels) in samples if name == "gpu_process_info"}
    problems = {dict(labels)["kind"] for (name, labels), value in samples.items()
                if name == "gpu_session_collector_problems" and value}
    if found != {str(process.pid) for process in placed} or problems - {"container_name_unknown", "pod_name_unknown"}:
        raise RuntimeError(f"{node.name}: {len(found)} of {len(placed)} processes published, problems {sorted(problems)}")


def compare(before, name, place, node, listed, rounds):
    """The result on a node that has been made."""
    shape, command, here = nodes.SHAPES[name], collector(node), environment(node)
    records = tracing.records(before, command, here, node / "root", node / "output/gpu_sessions.prom")
    check(node, listed)
    (node / "plan").write_bytes(plan.encoded(records))
    floor = [measuring.built() / "floor", node / "plan"]
    ours, least = measuring.measure(before, [command, floor], here, rounds)
    calls = [tracing.calls(before, program, here) for program in (command, floor)]
    return Result(name, place, shape.title, shape.processes, ours, least, *calls)


@contextlib.contextmanager
def running(name, place, directory):
    """(what goes before a command, node, processes) while the node is there."""
    shape, node = nodes.SHAPES[name], directory / f"{name}{'-real' if place == REAL else ''}"
    if place == MADE:
        yield [], nodes.make(node, shape, shape.listed()), shape.listed()
        return
    with real.sleeping(shape.listed(), directory) as listed:
        yield real.inside(directory / node / "root"), nodes.make(node, shape, listed), listed


def on_node(name, place, directory, rounds):
    """The result on this node."""
    with running(name, place, directory) as (before, node, listed):
        return compare(before, name, place, node, listed, rounds)


def beside_shell(directory, rounds):
    """[Measured] of the collector, of the shell collector, and of that without allocations, on the smallest node."""
    shape = nodes.SHAPES["64"]
    node = nodes.make(directory / "shell", shape, shape.listed())
    programs = [collector(node), shell(node), shell(node, "sessions")]
    measured = measuring.measure([], programs, environment(node), rounds)
    ours, others = (series(node / f"output/{name}.prom") for name in ("gpu_sessions", "shell-all"))
    if len(others) < shape.processes or others.items() - ours.items():
        raise RuntimeError(f"the shell collector publishes something else: {sorted(others.items() - ours.items())[:1]}")
    return measured
