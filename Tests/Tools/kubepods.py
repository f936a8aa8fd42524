"""Pods and containers of a test, and what the kubelet does for them: cgroups, log directories, its checkpoint."""

import dataclasses
import json
import pathlib
import secrets
import uuid

CGROUPS = pathlib.Path("/sys/fs/cgroup")
LONGEST_NAME = 255
# A kubelet's own root (`--cgroup-root=/site`), and where containerd puts a container that is given no parent.
MOVED_ROOT, RUNTIME_PARENT = "site", "k8s.io"
# The directories above those of pods, the upper ones first, in the words of the kubelet's two cgroup drivers.
PARENTS = (
    "kubepods", "kubepods/burstable", "kubepods.slice", "kubepods.slice/kubepods-burstable.slice",
    MOVED_ROOT, f"{MOVED_ROOT}/kubepods", f"{MOVED_ROOT}/kubepods/burstable", RUNTIME_PARENT,
)


@dataclasses.dataclass(frozen=True)
class Pod:
    """
    A pod; `qos` is its part of the cgroup path, empty for a Guaranteed one, and `root` the kubelet's own root above. `parent`
    is there where the kubelet makes no cgroups for pods (`cgroups-per-qos=false`): what it then gives to the runtime as the
    parent of containers, nothing or `/`.
    """

    namespace: str
    name: str
    driver: str
    qos: str = ""
    root: str = ""
    parent: str | None = None
    uid: str = dataclasses.field(default_factory=lambda: str(uuid.uuid4()))
    sandbox_id: str = dataclasses.field(default_factory=lambda: secrets.token_hex(32))

    @property
    def cgroup(self):
        """Where its containers' cgroups are. The systemd driver has slices, whose names repeat what is above them."""
        if self.parent is not None:
            return pathlib.PurePath(self.parent.strip("/") if self.parent else RUNTIME_PARENT)
        if self.driver == "cgroupfs":
            return pathlib.PurePath(self.root, "kubepods", self.qos, f"pod{self.uid}")
        names = [name for name in (self.root, "kubepods", self.qos) if name]
        above = ["-".join(names[: count + 1]) + ".slice" for count in range(len(names))]
        return pathlib.PurePath(*above, "-".join([*names, f"pod{self.uid.replace('-', '_')}.slice"]))

    @property
    def has_cgroup(self):
        """Whether it has a cgroup of its own."""
        return self.parent is None

    @property
    def cgroup_parent(self):
        """What the kubelet gives to the runtime as the parent of the pod's containers."""
        return f"/{self.cgroup}" if self.has_cgroup else self.parent


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


def directories(cgroup):
    """The directories of the cgroup that exist."""
    return [path / cgroup for path in hierarchies() if (path / cgroup).is_dir()]


def occupied(cgroup):
    """Whether something still runs below the cgroup."""
    return any(path.read_text().strip() for directory in directories(cgroup) for path in directory.rglob("cgroup.procs"))


def has_process(cgroup, pid):
    """Whether the process is in the cgroup itself, in one hierarchy at least."""
    return any(str(pid) in (directory / "cgroup.procs").read_text().split() for directory in directories(cgroup))


def remove_cgroup(cgroup):
    """Removes the cgroup of a pod or of a container; fails while something runs in it."""
    for directory in directories(cgroup):
        for path in [*subdirectories(directory), directory]:
            path.rmdir()


def existing(cgroups, parents):
    """The directories of these cgroups that exist, and those of the parents."""
    return [path for cgroup in cgroups for path in directories(cgroup)] + [path for path in parents if path.exists()]


def remove_empty(parents):
    """Removes those that no pod is below any more, the lower ones first."""
    for path in reversed(parents):
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
