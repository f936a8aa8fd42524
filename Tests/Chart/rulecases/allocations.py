"""What the kubelet handed out against who is there."""

from rulecases.scenario import Firing, Scenario, failing, freeze, lose_another_gpu, stage

SHARED = "GPU-5d40cd34-3435-5561-3ac4-312bd07d4a12"
JIHO = {"namespace": "dev", "pod": "jupyter-jiho", "pod_uid": "30f675a7-7daa-45ad-ab51-617bbb845143"}
MIXTRAL = {"namespace": "ml-train", "pod": "mixtral-0", "pod_uid": "1c09b7ca-3639-4c56-848a-8f96c55bb3f7"}
SPARE = "MIG-c19e83c8-2577-569f-989a-b89213572300"
WHOLE = "GPU-a305016d-6c4b-6313-7135-9081bf97b333"
SORA = {"namespace": "team-a", "pod": "notebook-sora", "pod_uid": "7c91b954-41f9-4885-bd3f-9c302b2f8dfa"}
NOBODY = {"command": "python", "pod": "", "namespace": "", "container": "", "status": "active", "gpu_memory": "9MiB"}


def end(pid):
    return lambda node: node.drop("gpu_process_.*", pid=pid)


def forget_unnamed(node):
    """The fixture has a pod that is idle on every node."""
    node.drop("gpu_allocation_info", pod_uid="66f0b3a2-2d0e-4c1c-9c57-58b1de03a4e7")


def shared_and_doubtful_elsewhere(node):
    """On the other nodes something silences the alert, which is not to silence it here."""
    forget_unnamed(node)
    if node.number:
        unknown_process(node)
        node.problem("process_row_malformed", 1)


def instances_in_use(node):
    """On the other nodes processes were placed on no instance."""
    node.drop("gpu_allocation_info", pod="idle-0")
    node.problem("mig_unplaced", 1 if node.number else 0)


def hold_another(node):
    """A pod that works on one instance holds a second one."""
    node.add("gpu_allocation_info", 1, gpu="0_9_0", uuid=SPARE, resource="nvidia.com/mig-1g.10gb", container="lab", **SORA)


def unknown_process(node, gpu="0"):
    node.add("gpu_process_info", 1, gpu=gpu, pid="4711", **NOBODY)


def holds_without_use(who, count=1):
    return (
        f"Pod {who} holds {count} GPU device(s) of gpu-a without a process",
        f"The kubelet has handed {count} GPU device(s) of gpu-a to pod {who} on which it has had no process for 30m; nobody else is"
        " given them meanwhile. Ask the owner to end the pod or to let it scale to zero. gpu:held_idle:replicas says which devices.",
    )


IDLE = [
    Scenario(
        "GPUAllocatedButIdle",
        "checkpoint-time-sliced",
        "one of the pods that share a device has no process on it",
        calm=shared_and_doubtful_elsewhere,
        trigger=end("22871"),
        fires=[Firing(JIHO, *holds_without_use("dev/jupyter-jiho"))],
        silent=failing("attribution", "allocations")
        | {
            "the file is old": freeze,
            "the device was not read": lambda node: node.drop("gpu_session_count", gpu="0"),
            "a process there belongs to nobody known": unknown_process,
            "a row of the process list was lost": lambda node: node.problem("process_row_malformed", 1),
            "it worked for a moment": lambda node: node.add(
                "gpu_process_info", "_x20 1 stale", gpu="0", pid="22871", **NOBODY | JIHO, uuid=SHARED
            ),
        },
        still={
            "another GPU is lost": lose_another_gpu,
            "utilization was not read": stage("utilization", 0),
        },
    ),
    Scenario(
        "GPUAllocatedButIdle",
        "checkpoint-mig",
        "a pod uses one of the two MIG instances that it holds",
        calm=instances_in_use,
        trigger=hold_another,
        fires=[Firing(SORA, *holds_without_use("team-a/notebook-sora"))],
        silent={"a process was placed on no instance": lambda node: node.problem("mig_unplaced", 1)},
    ),
    Scenario(
        "GPUAllocatedButIdle",
        "checkpoint-mig",
        "a pod uses neither of the two MIG instances that it holds: one alert",
        calm=instances_in_use,
        trigger=lambda node: (hold_another(node), node.drop("gpu_process_.*", pod="notebook-sora")),
        fires=[Firing(SORA, *holds_without_use("team-a/notebook-sora", 2))],
    ),
    Scenario(
        "GPUAllocatedButIdle",
        "checkpoint-mig",
        "a whole GPU beside MIG instances is idle",
        calm=instances_in_use,
        trigger=end("30410"),
        fires=[Firing(MIXTRAL, *holds_without_use("ml-train/mixtral-0"))],
        silent={"it was not read, the instances were": lambda node: node.drop("gpu_session_count", gpu="1")},
        still={
            "a process was placed on no instance": lambda node: node.problem("mig_unplaced", 1),
            "a process on an instance belongs to nobody known": lambda node: unknown_process(node, "0_9_0"),
        },
    ),
]


def give_back(pid, changing_memory=False):
    """The kubelet has not handed the device to the pod of this process."""

    def apply(node):
        ((_, labels, _),) = node.find("gpu_process_info", pid=pid)
        node.drop("gpu_allocation_info", pod_uid=labels["pod_uid"])
        if changing_memory:
            node.set("gpu_process_info", "1+0x5 stale", pid=pid)
            node.add("gpu_process_info", "_x6 1+0x60", **labels | {"gpu_memory": "8000MiB"})

    return apply


def hold_elsewhere(node):
    """The pod holds another instance than the one its process is on."""
    node.drop("gpu_allocation_info", gpu="0_9_0")
    node.relabel("gpu_allocation_info", {"gpu": "0_9_0", "uuid": SPARE}, gpu="0_3_0")


def no_device(node):
    node.problem("allocation_device_unknown", 1)


def no_device_elsewhere(node):
    node.problem("allocation_device_unknown", 1 if node.number else 0)


def lost_elsewhere(node):
    if node.number:
        lose_another_gpu(node)


def known_devices(node):
    node.problem("allocation_device_unknown", 0)


def instances_unread_elsewhere(node):
    known_devices(node)
    if node.number:
        node.stage("mig", 0)


def host_process(**known):
    return lambda node: node.add("gpu_process_info", 1, gpu="0", pid="4711", uuid=SHARED, **NOBODY | known)


def without_allocation(who, gpu):
    return (
        f"GPU {gpu} of gpu-a is used by {who} without an allocation",
        f"1 process(es) of {who} are on GPU {gpu} of gpu-a, which the kubelet has not handed to them; the scheduler gives the same"
        " device to others. Look for NVIDIA_VISIBLE_DEVICES, a privileged container or a program started beside Kubernetes, and"
        " have it request nvidia.com/gpu.",
    )


UNALLOCATED = [
    Scenario(
        "GPUUsedWithoutAllocation",
        "checkpoint-time-sliced",
        "a pod is on a device it does not hold, and its memory changes",
        calm=no_device_elsewhere,
        trigger=give_back("22871", changing_memory=True),
        fires=[Firing({"gpu": "0", "uuid": SHARED, **JIHO, "container": "notebook"}, *without_allocation("pod dev/jupyter-jiho", "0"))],
        silent=failing("attribution", "allocations")
        | {"the file is old": freeze, "what was handed out is no device": no_device},
        still={"another GPU is lost, handed to a pod": lose_another_gpu},
    ),
    Scenario(
        "GPUUsedWithoutAllocation",
        "checkpoint-time-sliced",
        "a unit of the node is on a device of the kubelet's",
        calm=lost_elsewhere,
        trigger=host_process(user="root", unit="ollama.service"),
        fires=[
            Firing(
                {"gpu": "0", "uuid": SHARED, "user": "root", "unit": "ollama.service"},
                *without_allocation("user root (ollama.service)", "0"),
            )
        ],
        silent={
            "it has an owner who is not known": lambda node: node.relabel("gpu_process_info", {"user": "", "unit": ""}, pid="4711"),
            "what was handed out is no device": no_device,
        },
    ),
    Scenario(
        "GPUUsedWithoutAllocation",
        "checkpoint-time-sliced",
        "a Docker container is on a device of the kubelet's",
        trigger=host_process(container="ollama"),
        fires=[Firing({"gpu": "0", "uuid": SHARED, "container": "ollama"}, *without_allocation("container ollama", "0"))],
    ),
    *(
        Scenario(
            "GPUUsedWithoutAllocation",
            "checkpoint-mig",
            "a pod is on a MIG instance and holds another",
            calm=calm,
            trigger=hold_elsewhere,
            fires=[
                Firing(
                    {"gpu": "0_3_0", "uuid": "MIG-fb44ad10-27ae-5a42-a48c-3a886be39a91", **SORA, "container": "lab"},
                    *without_allocation("pod team-a/notebook-sora", "0_3_0"),
                )
            ],
            silent=failing("mig"),
        )
        for calm in (known_devices, instances_unread_elsewhere)
    ),
    Scenario(
        "GPUUsedWithoutAllocation",
        "checkpoint-mig",
        "a pod is on a whole GPU beside MIG instances that it does not hold",
        calm=known_devices,
        trigger=give_back("30410"),
        fires=[Firing({"gpu": "1", "uuid": WHOLE, **MIXTRAL, "container": "trainer"}, *without_allocation("pod ml-train/mixtral-0", "1"))],
        still=failing("mig"),
    ),
]

SCENARIOS = IDLE + UNALLOCATED
