"""The processes, containers and devices of a made node of any size: whose every process is.

Of 50 processes 48 run in pods, two in each container, and two in a login session each. Of 20 pods 17 are named by
/var/log, one by its OCI bundle alone, one by its conmon alone, one by nothing.
"""

import dataclasses
import functools
import hashlib
import uuid

FIRST_PID, FIRST_MONITOR = 100_000, 10_000
OUTSIDE = (24, 49)
NAMED_BY = {5: "bundle", 10: "conmon", 15: "nothing"}


@functools.cache
def make_uuid(*parts):
    """The same UUID for the same parts."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, "/".join(map(str, parts))))


@dataclasses.dataclass(frozen=True)
class Container:
    """The `number`th container of a pod."""

    pod_index: int
    number: int

    @property
    def named_by(self):
        return NAMED_BY.get(self.pod_index % 20, "log")

    @property
    def pod(self):
        return f"job-{self.pod_index}"

    @property
    def namespace(self):
        return f"team-{self.pod_index % 7}"

    @property
    def name(self):
        return f"worker-{self.number}"

    @property
    def pod_uid(self):
        return make_uuid("pod", self.pod_index)

    @property
    def id(self):
        return hashlib.sha256(f"{self.pod_uid}/{self.number}".encode()).hexdigest()

    @property
    def monitor(self):
        """The PID of its conmon, where it has one."""
        return FIRST_MONITOR + self.pod_index + 5_000 * self.number

    @property
    def slice(self):
        return f"kubepods-burstable-pod{self.pod_uid.replace('-', '_')}.slice"

    @property
    def cgroup(self):
        scope = f"crio-{self.id}.scope/container" if self.named_by == "conmon" else f"cri-containerd-{self.id}.scope"
        return f"/kubepods.slice/kubepods-burstable.slice/{self.slice}/{scope}"

    @property
    def log(self):
        return f"{self.namespace}_{self.pod}_{self.pod_uid}/{self.name}/0.log"


@dataclasses.dataclass(frozen=True)
class Process:
    """The `index`th process of the node; container is None in a login session."""

    index: int
    container: Container | None

    @property
    def pid(self):
        return FIRST_PID + self.index

    @property
    def command(self):
        return ("python3", "train")[self.index % 2]

    @property
    def memory(self):
        """MiB on each device."""
        return 16 + self.index % 48

    @property
    def uid(self):
        return 1000 + self.index // 25 % 8

    @property
    def cgroup(self):
        if self.container:
            return self.container.cgroup
        return f"/user.slice/user-{self.uid}.slice/session-{self.index}.scope"

    def owner(self):
        """What is to be published of it, an empty text standing for an absent label."""
        container = self.container
        if container is None:
            return {"pod": "", "namespace": "", "container": "", "pod_uid": "", "user": f"user{self.uid}",
                    "unit": f"session-{self.index}.scope"}
        known = container.named_by != "nothing"
        names = {"pod": container.pod, "namespace": container.namespace, "container": container.name}
        unknown = {"pod": f"pod-{container.pod_uid}", "namespace": "", "container": ""}
        return (names if known else unknown) | {"pod_uid": container.pod_uid, "user": "", "unit": ""}


def processes(count, pods=500):
    """The first processes of the node."""
    made, contained = [], 0
    for index in range(count):
        container = None
        if index % 50 not in OUTSIDE:
            container = Container(contained // 2 % pods, contained // 2 // pods)
            contained += 1
        made.append(Process(index, container))
    return made


@dataclasses.dataclass(frozen=True)
class Device:
    """A whole GPU, or a MIG instance of one."""

    gpu: int
    instance: int | None = None

    @property
    def label(self):
        return f"{self.gpu}" if self.instance is None else f"{self.gpu}_{7 + self.instance}_0"

    @property
    def parent_uuid(self):
        return "GPU-" + make_uuid("gpu", self.gpu)

    @property
    def uuid(self):
        if self.instance is None:
            return self.parent_uuid
        return "MIG-" + make_uuid("instance", self.gpu, self.instance)


def devices(gpus=8, instances=0):
    """Whole GPUs, or as many 1g.10gb instances of each."""
    return [Device(gpu, instance) for gpu in range(gpus) for instance in (range(instances) if instances else [None])]


def placements(listed, on):
    """[(device, process)]: one device each in turn, and every tenth process on the next one too."""
    placed = []
    for process in listed:
        for step in range(2 if process.index % 10 == 9 and len(on) > 1 else 1):
            placed.append((on[(process.index + step) % len(on)], process))
    return sorted(placed, key=lambda pair: (pair[0].gpu, pair[1].pid, pair[0].label))
