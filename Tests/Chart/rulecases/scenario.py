"""One thing that happens on a node, what is said about it, and what makes it go unsaid."""

import dataclasses
from collections.abc import Callable

from rulecases.series import Node


def nothing(node):
    """Changes nothing."""


def freeze(node):
    node.freeze()


def stage(name, value):
    return lambda node: node.stage(name, value)


def put(metric, value, **labels):
    return lambda node: node.set(metric, value, **labels)


def failing(*names):
    """A failed and an unreported stage, for each of these."""
    cases = {f"stage {name} failed": stage(name, 0) for name in names}
    return cases | {f"stage {name} unreported": stage(name, None) for name in names}


def lose_another_gpu(node):
    """One more GPU, which fell off the bus and was handed to a pod."""
    node.add("gpu_device_readable", 0, gpu="7", uuid="", pci_bus_id="00000000:F7:00.0")
    node.stage("devices", 0)
    node.stage("processes", 0)
    node.set("gpu_session_collector_success", 0)
    node.problem("device_unreadable", 1)
    node.problem("allocation_device_unknown", 1)


def driver_down(node):
    """All but the collector's own families is gone, and most of its stages."""
    node.samples = [sample for sample in node.samples if sample[0].startswith("gpu_session_collector_")]
    node.set("gpu_session_collector_success", 0)
    for name in ("processes", "utilization", "mig", "attribution", "allocations"):
        node.stage(name, None)
    node.stage("devices", 0)


def three(fixture, change=nothing, calm=nothing):
    """
    Makes three nodes of one fixture: the first, which is changed; another of its cluster, with the same gpu and pid
    numbers; and one of another cluster that has the name and the instance of the first as well.
    """

    def nodes():
        places = [("gpu-a", "east", "10.0.0.1:9100"), ("gpu-b", "east", "10.0.0.2:9100"), ("gpu-a", "west", "10.0.0.1:9100")]
        result = [Node(fixture, *place, number) for number, place in enumerate(places)]
        for node in result:
            calm(node)
        change(result[0])
        return result

    return nodes


def alone(fixture, change=nothing, calm=nothing):
    """Makes the first of the three only."""
    return lambda: three(fixture, change, calm)()[:1]


@dataclasses.dataclass(frozen=True)
class Firing:
    """An alert that fires about the culprit; with `elsewhere`, labels in place of those of its node."""

    labels: dict
    summary: str
    description: str
    elsewhere: bool = False


@dataclasses.dataclass(frozen=True)
class Scenario:
    """
    Three nodes, all made calm, and something that happens to the first. The alert fires about that one only, and only
    when it has held for long enough. With each change of `silent` to it the alert does not fire; with each of `still`
    it does.
    """

    alert: str
    fixture: str
    name: str
    fires: list[Firing]
    trigger: Callable = nothing
    calm: Callable = nothing
    silent: dict[str, Callable] = dataclasses.field(default_factory=dict)
    still: dict[str, Callable] = dataclasses.field(default_factory=dict)
    # Minutes until the condition holds.
    delay: int = 0

    def nodes(self, change=nothing):
        def happen(node):
            self.trigger(node)
            change(node)

        return three(self.fixture, happen, self.calm)()


@dataclasses.dataclass(frozen=True)
class Recording:
    """What a query of recorded series gives for some nodes, rounded to three digits: labels and values."""

    record: str
    name: str
    nodes: Callable
    samples: list
    query: str = ""
    minute: int = 5
