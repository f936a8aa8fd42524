"""The collector's pod of a DaemonSet: whether a container that goes is held by one that stays."""

import pathlib

import beside  # noqa: F401
import rights
from collector_pod import DRIVER

import containerd
import kubepods
import rendering


class Staying:
    """A pod as the DaemonSet of these manifests has it, from start() on. It publishes beside the other's file."""

    def __init__(self, node, documents):
        (daemon_set,) = [document for document in documents if document["kind"] == "DaemonSet"]
        self.node, self.spec, self.pod = node, rendering.pod_spec(daemon_set), None

    def start(self):
        self.pod = kubepods.Pod("monitoring", "gpu-session-metrics-collector-stays", DRIVER, "burstable")
        (self.container,) = self.node.run_pod(self.pod, self.spec)
        (volume,) = [volume for volume in self.spec["volumes"] if volume["name"] == "textfile"]
        published = pathlib.Path(volume["hostPath"]["path"], "gpu_sessions.prom")
        containerd.wait_for("a collector that stays to publish", published.exists)

    def roots(self, container):
        """Where it has the other's root file system."""
        return [path for path in rights.mount_points(self.container.pid) if container.id in path]

    def complaints_beside(self, container):
        """Had it nothing of the other, nothing would be shown when that goes."""
        return [] if self.roots(container) else [f"{container.id} has no root here"]

    def complaints_without(self, container):
        """What it still holds of a container that is gone; then it goes itself."""
        complaints = [f"{path} is still mounted" for path in self.roots(container)]
        self.node.kubelet.remove(self.pod, [self.container])
        return complaints
