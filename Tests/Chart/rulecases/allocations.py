"""What the kubelet handed out against who is there."""

from rulecases.scenario import Firing, Scenario, failing, freeze, lose_another_gpu, stage

SHARED = "GPU-5d40cd34-3435-5561-3ac4-312bd07d4a12"
JIHO = {"namespace": "dev", "pod": "jupyter-jiho", "pod_uid": "30f675a7-7daa-45ad-ab51-617bbb845143"}
SORA = {"namespace": "team-a", "pod": "notebook-sora", "pod_uid": "7c91b954-41f9-4885-bd3f-9c302b2f8dfa"}
NOBODY = {"command": "python", "pod": "", "namespace": "", "container": "", "status": "active", "gpu_memory": "9MiB"}


def end(pid):
    return lambda node: node.drop("gpu_process_.*", pid=pid)


def forget_unnamed(node):
    """The fixture has a pod that is idle on every node."""
    node.drop("gpu_allocation_info", pod_uid="66f0b3a2-2d0e-4c1c-9c57-58b1de03a4e7")


def unknown_process(node):
    node.add("gpu_process_info", 1, gpu="0", pid="4711", **NOBODY)


IDLE = [
    Scenario(
        "GPUAllocatedButIdle",
        "checkpoint-time-sliced",
        "one of the pods that share a device has no process on it",
        calm=forget_unnamed,
        trigger=end("22871"),
        fires=[
            Firing(
                {"gpu": "0", "uuid": SHARED, **JIHO},
                "Pod dev/jupyter-jiho holds GPU 0 of gpu-a and does not use it",
                "The kubelet has handed GPU 0 of gpu-a to pod dev/jupyter-jiho, and no process of that pod has been on it for"
                " 30m. Nobody else is given this device meanwhile. Ask the owner to end the pod or to let it scale to zero.",
            )
        ],
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
            "a MIG process was placed nowhere": lambda node: node.problem("mig_unplaced", 1),
            "utilization was not read": stage("utilization", 0),
        },
    ),
    Scenario(
        "GPUAllocatedButIdle",
        "checkpoint-mig",
        "a MIG instance is held by a pod without a process",
        calm=lambda node: node.drop("gpu_allocation_info", pod="idle-0"),
        trigger=end("20877"),
        fires=[
            Firing(
                {"gpu": "0_3_0", "uuid": "MIG-fb44ad10-27ae-5a42-a48c-3a886be39a91", **SORA},
                "Pod team-a/notebook-sora holds GPU 0_3_0 of gpu-a and does not use it",
                "The kubelet has handed GPU 0_3_0 of gpu-a to pod team-a/notebook-sora, and no process of that pod has been on it"
                " for 30m. Nobody else is given this device meanwhile. Ask the owner to end the pod or to let it scale to zero.",
            )
        ],
        silent={"a process was placed on no instance": lambda node: node.problem("mig_unplaced", 1)},
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
        trigger=give_back("22871", changing_memory=True),
        fires=[Firing({"gpu": "0", "uuid": SHARED, **JIHO, "container": "notebook"}, *without_allocation("pod dev/jupyter-jiho", "0"))],
        silent=failing("attribution", "allocations")
        | {
            "the file is old": freeze,
            "what was handed out is no device": lambda node: node.problem("allocation_device_unknown", 1),
        },
        still={
            "another GPU is lost, handed to a pod": lose_another_gpu,
            "mig is not read": lambda node: node.add("gpu_session_collector_stage_success", 0, stage="mig"),
        },
    ),
    Scenario(
        "GPUUsedWithoutAllocation",
        "checkpoint-time-sliced",
        "a unit of the node is on a device of the kubelet's",
        trigger=host_process(user="root", unit="ollama.service"),
        fires=[
            Firing(
                {"gpu": "0", "uuid": SHARED, "user": "root", "unit": "ollama.service"},
                *without_allocation("user root (ollama.service)", "0"),
            )
        ],
        silent={"it has an owner who is not known": lambda node: node.relabel("gpu_process_info", {"user": "", "unit": ""}, pid="4711")},
    ),
    Scenario(
        "GPUUsedWithoutAllocation",
        "checkpoint-time-sliced",
        "a Docker container is on a device of the kubelet's",
        trigger=host_process(container="ollama"),
        fires=[Firing({"gpu": "0", "uuid": SHARED, "container": "ollama"}, *without_allocation("container ollama", "0"))],
    ),
    Scenario(
        "GPUUsedWithoutAllocation",
        "checkpoint-mig",
        "a pod is on a MIG instance it does not hold",
        calm=lambda node: node.problem("allocation_device_unknown", 0),
        trigger=give_back("20877"),
        fires=[
            Firing(
                {"gpu": "0_3_0", "uuid": "MIG-fb44ad10-27ae-5a42-a48c-3a886be39a91", **SORA, "container": "lab"},
                *without_allocation("pod team-a/notebook-sora", "0_3_0"),
            )
        ],
        silent=failing("mig"),
    ),
]

SCENARIOS = IDLE + UNALLOCATED
