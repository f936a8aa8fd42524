"""Who runs and who holds what, under the collector's own labels in whatever form they arrive."""

from rulecases.scenario import Recording, alone, failing, freeze, nothing
from rulecases.work import idle_gpu

HERE = {"cluster": "east", "instance": "10.0.0.1:9100", "node": "gpu-a"}
TRAINER = HERE | {
    "gpu": "1",
    "uuid": "GPU-a305016d-6c4b-6313-7135-9081bf97b333",
    "namespace": "ml-train",
    "pod": "mixtral-0",
    "pod_uid": "1c09b7ca-3639-4c56-848a-8f96c55bb3f7",
}
IDLE = HERE | {
    "gpu": "0_9_0",
    "uuid": "MIG-c19e83c8-2577-569f-989a-b89213572300",
    "namespace": "team-b",
    "pod": "idle-0",
    "pod_uid": "5e0d8a44-6c1b-4f0e-b7a9-2d93f1c6e807",
}
SESSION, HELD, SHARE = "gpu:session:info", "gpu:held:replicas", "gpu:held:fraction"
UNUSED, ASLEEP = "gpu:held_idle:replicas", "gpu:held_without_work:replicas"
RUNS = TRAINER | {"container": "trainer", "pid": "30410", "command": "python"}


def of(namespace, record, name, change, samples, minute=5):
    """What is recorded of the pods of a namespace, whose GPU is one."""
    return Recording(record, name, alone("checkpoint-mig", change), samples, f'{record}{{namespace="{namespace}"}}', minute)


def outside(node):
    """A process of a user beside the pods, on a node whose exporter runs in a pod."""
    node.add("gpu_process_info", 1, gpu="1", pid="7", command="python", status="active", pod="", namespace="", container="", user="ada")


def two_replicas(node):
    """The pod holds three of four replicas of the GPU, another one the fourth."""
    node.set("gpu_allocation_info", 3, pod="mixtral-0")
    other = {"namespace": "dev", "pod": "p", "pod_uid": "7c91b954-0000-4885-bd3f-9c302b2f8df1", "container": "c"}
    node.add("gpu_allocation_info", 1, gpu="1", uuid=TRAINER["uuid"], resource="nvidia.com/gpu.shared", **other)


def two_containers(node):
    """Two containers of the pod were handed a replica each."""
    labels = {name: TRAINER[name] for name in ("gpu", "uuid", "namespace", "pod", "pod_uid")}
    node.add("gpu_allocation_info", 1, resource="nvidia.com/gpu", container="second", **labels)


USER = HERE | {"gpu": "1", "pid": "7", "command": "python", "user": "ada"}
RECORDINGS = [
    of("ml-train", SESSION, "a process of a pod", nothing, [(RUNS, 1.0)]),
    of("ml-train", SESSION, "the file is old", freeze, []),
    of("", SESSION, "a process outside of pods", outside, [(USER, 1.0)]),
    of("ml-train", HELD, "a whole GPU", nothing, [(TRAINER, 1.0)]),
    of("ml-train", HELD, "two containers of a pod", two_containers, [(TRAINER, 2.0)]),
    of("ml-train", HELD, "the file is old", freeze, []),
    *(of("ml-train", HELD, name, change, []) for name, change in failing("allocations").items()),
    of("ml-train", SHARE, "three of four replicas", two_replicas, [(TRAINER, 0.75)]),
    of("team-b", SHARE, "a seventh of a GPU", lambda node: node.drop("gpu_allocation_info", gpu="0_2_1"), [(IDLE, 0.143)]),
    of("ml-train", SHARE, "what the kubelet handed out is not known", lambda node: node.stage("allocations", 0), []),
    of("team-b", UNUSED, "an instance without a process", nothing, [(IDLE, 1.0)]),
    of("ml-train", UNUSED, "a process is there", nothing, []),
    of("ml-train", ASLEEP, "it has done nothing for an hour", idle_gpu, [(TRAINER, 1.0)], minute=65),
    of("ml-train", ASLEEP, "it works", nothing, [], minute=65),
]
