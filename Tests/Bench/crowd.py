"""What names that a pod has planted in /var/log cost: twice, four times the second time.

A pod that may write to /var/log can make directories and links there that all begin like those of one container, or of one pod.
"""

import dataclasses
import resource
import statistics
import subprocess

import beside  # noqa: F401

import nodes
import subject

FEW, MANY = 25_000, 100_000
ROUNDS = 5


@dataclasses.dataclass(frozen=True)
class Crowd:
    """The CPU seconds of a run beyond those of a run without the names, with few of them and with many."""

    few: float
    many: float


def plant(root, first, last):
    """Links whose IDs begin like that of a container that runs, and directories of as many pods that do not."""
    links, directories = root / "var/log/containers", root / "var/log/pods"
    start = next(path.name for path in links.iterdir())[-68:-52]
    for number in range(first, last):
        (links / f"x_y_z-{start}{number:048x}.log").symlink_to("/nowhere")
        (directories / f"x_y_00000000-0000-4000-8000-{number:012x}").mkdir()


def seconds(node):
    """The median of the CPU time of a run with its children."""
    times = []
    for _ in range(ROUNDS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(list(map(str, subject.collector(node))), env=subject.environment(node), stdin=subprocess.DEVNULL,
                       check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(times)


def measured(directory):
    """The cost on the smallest node."""
    shape = nodes.SHAPES["64"]
    node = nodes.make(directory / "crowd", shape, shape.listed())
    none = seconds(node)
    plant(node / "root", 0, FEW)
    few = seconds(node) - none
    plant(node / "root", FEW, MANY)
    return Crowd(few, seconds(node) - none)
