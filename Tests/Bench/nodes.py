"""The nodes that are measured, each made by its name and always the same."""

import dataclasses

import beside  # noqa: F401

import scale_model
import scale_node

PODS = 500


@dataclasses.dataclass(frozen=True)
class Shape:
    """How many processes on how many devices. Of ten processes one is on two devices.

    `links` are those of /var/log/containers: as many as name every container that runs.
    """

    processes: int
    instances: int = 0
    links: int = 2_000

    @property
    def title(self):
        return f"{8 * self.instances} MIG instances" if self.instances else "8 GPUs"

    def devices(self):
        return scale_model.devices(8, self.instances)

    def listed(self):
        return scale_model.processes(self.processes, PODS)


SHAPES = {"64": Shape(64), "mig": Shape(500, instances=7), "1250": Shape(1_250), "10000": Shape(10_000, links=5_000)}


def make(directory, shape, listed, pods=PODS):
    """The whole node on which these processes run, in a directory that is not there yet."""
    (directory / "output").mkdir(parents=True)
    scale_node.write_root(directory / "root", listed, pods, shape.links)
    scale_node.write_kubelet(directory / "root/var/lib/kubelet", pods, shape.devices())
    scale_node.write_answers(directory, listed, shape.devices())
    return directory
