"""Pods whose cgroups lie where no kubelet has them by itself: below a root of its own, or in no cgroup of a pod."""

import beside  # noqa: F401
import images
from collector_pod import DRIVER

import kubepods

# Where a pod may be, as fields of it. The first kubelet has a `--cgroup-root`. The others make no cgroups for pods
# (`cgroups-per-qos=false`): without a parent containerd puts a container's cgroup below its own namespace, with the root as
# parent right below the root.
PLACES = {
    "moved": {"qos": "burstable", "root": kubepods.MOVED_ROOT},
    "parentless": {"parent": ""},
    "topmost": {"parent": "/"},
}
NAMESPACE = "elsewhere"


class Elsewhere:
    """In each of these places a pod with a process on a GPU, and one that holds a GPU and has nothing on it."""

    def __init__(self, node):
        self.node, self.busy, self.waiting = node, [], []

    def start(self):
        """All of them, from now on."""
        for name, place in PLACES.items():
            self.busy.append(self.run(f"{name}-busy", place))
            self.waiting.append(self.run(f"{name}-waiting", place))
            if "parent" in place:
                # As in the moment before the kubelet makes it: only the bundle proves whose container it is.
                self.node.kubelet.links[self.busy[-1].id].unlink()

    def run(self, name, place):
        """The one container of a new pod in this place."""
        pod = kubepods.Pod(NAMESPACE, name, DRIVER, **place)
        (container,) = self.node.run_pod(pod, {"containers": [{"name": "worker", "image": images.PAUSE}]})
        return container

    def misplaced(self):
        """A complaint for each container whose process is in another cgroup: its row in the file would show nothing."""
        return [f"{container.pod.name} is not in /{container.cgroup}" for container in (*self.busy, *self.waiting)
                if not kubepods.has_process(container.cgroup, container.pid)]

    def remove(self):
        """Removes all of them as the kubelet does."""
        for container in (*self.busy, *self.waiting):
            self.node.kubelet.remove(container.pod, [container])
