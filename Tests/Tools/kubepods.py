"""Pods and containers of a test, and what the kubelet does for them: cgroups, log directories, its checkpoint."""

import dataclasses
import json
import pathlib
import secrets
import uuid

CGROUPS = pathlib.Path("/sys/fs/cgroup")
LONGEST_NAME = 255
# The directories above those of pods, the upper ones first, in the words of the kubelet's two cgroup drivers.
PARENTS = ("kubepods", "kubepods/burstable", "kubepods.slice", "kubepods.slice/kubepods-burstable.slice")


@dataclasses.dataclass(frozen=True)
class Pod:
    """A pod; `qos` is its part of the cgroup path, empty for a Guaranteed one."""

    namespace: str
    name: str
    driver: str
    qos: str = ""
    uid: str = dataclasses.field(default_factory=lambda: str(uuid.uuid4()))
    sandbox_id: str = dataclasses.field(default_factory=lambda: secrets.token_hex(32))

    @property
    def cgroup(self):
        """Where its containers' cgroups are. The systemd driver has slices, whose names repeat what is above them."""
        if self.driver == "cgroupfs":
            return pathlib.PurePath("kubepods", self.qos, f"pod{self.uid}")
        names = ["kubepods", self.qos] if self.qos else ["kubepods"]
        above = ["-".join(names[: count + 1]) + ".slice" for count in range(len(names))]
        return pathlib.PurePath(*above, "-".join([*names, f"pod{self.uid.replace('-', '_')}.slice"]))


@dataclasses.dataclass
class Container:
    """A container of a pod; `pid` is its process as the host sees it, once it runs."""

    pod: Pod
    name: str
    is_annotated: bool = True
    id: str = dataclasses.field(default_factory=lambda: secrets.token_hex(32))
    pid: int = 0

    @property
    def runtime(self):
        """The runtime, where the path shows it."""
        return None if self.pod.driver == "cgroupfs" else "containerd"

    @property
    def cgroup(self):
        """Its own cgroup, as containerd names it."""
        return self.pod.cgroup / (f"cri-containerd-{self.id}.scope" if self.runtime else self.id)

    def annotations(self):
        """What containerd's CRI plugin writes into a container's bundle; these are all keys that version 1.6 writes."""
        keys = {
            "container-name": self.name, "container-type": "container", "image-name": "registry.example/image:1",
            "sandbox-id": self.pod.sandbox_id, "sandbox-name": self.pod.name,
            "sandbox-namespace": self.pod.namespace, "sandbox-uid": self.pod.uid,
        }
        return {f"io.kubernetes.cri.{key}": value for key, value in keys.items()} if self.is_annotated else {}


def hierarchies():
    """Where cgroups are made: the one place of version 2, or every hierarchy of version 1."""
    if (CGROUPS / "cgroup.controllers").exists():
        return [CGROUPS]
    return sorted(path for path in CGROUPS.glob("*") if not path.is_symlink() and (path / "cgroup.procs").exists())


def absent_parents():
    """The directories above the pods' that are not there, the upper ones first."""
    return [path / name for name in PARENTS for path in hierarchies() if not (path / name).exists()]


def cgroups(pod):
    """The directories of the pod's cgroup that exist."""
    return [path / pod.cgroup for path in hierarchies() if (path / pod.cgroup).is_dir()]


def occupied(pod):
    """Whether something still runs below the pod's cgroup."""
    return any(path.read_text().strip() for directory in cgroups(pod) for path in directory.rglob("cgroup.procs"))


def remove_cgroup(pod):
    """Removes the pod's cgroup; fails while something runs in it."""
    for directory in cgroups(pod):
        for path in [*subdirectories(directory), directory]:
            path.rmdir()


def remove_empty(directories):
    """Removes those that no pod is below any more, the lower ones first."""
    for path in reversed(directories):
        if path.is_dir() and not subdirectories(path):
            path.rmdir()


def subdirectories(directory):
    return [path for path in directory.iterdir() if path.is_dir()]


def write_log_directory(root, container):
    """The directory of the container's log, that of its pod with it; where the kubelet has the log."""
    pod = container.pod
    log = pathlib.PurePath("/var/log/pods", f"{pod.namespace}_{pod.name}_{pod.uid}", container.name, "0.log")
    (root / log.relative_to("/")).parent.mkdir(parents=True)
    return log


def write_log_link(root, container, log):
    """The link that the kubelet makes once the container runs: of all it writes, only this has the container's ID.

    A name that is too long for a file is cut, and the ID with it.
    """
    pod, directory = container.pod, root / "var/log/containers"
    directory.mkdir(parents=True, exist_ok=True)
    name = f"{pod.name}_{pod.namespace}_{container.name}-{container.id}"
    link = directory / (name[: LONGEST_NAME - len(".log")] + ".log")
    link.symlink_to(log)
    return link


def write_checkpoint(root, holders):
    """The device plugin checkpoint, from [(container, UUIDs of its GPUs)]."""
    entries = [
        {"PodUID": container.pod.uid, "ContainerName": container.name, "ResourceName": "nvidia.com/gpu",
         "DeviceIDs": {"0": uuids}, "AllocResp": ""}
        for container, uuids in holders
    ]
    directory = root / "var/lib/kubelet/device-plugins"
    directory.mkdir(parents=True, exist_ok=True)
    data = {"PodDeviceEntries": entries, "RegisteredDevices": {}}
    (directory / "kubelet_internal_checkpoint").write_text(json.dumps({"Data": data, "Checksum": 1}))
