"""Alerts that name an owner."""

from rulecases.scenario import Firing, Scenario, failing, freeze, lose_another_gpu, nothing, stage
from rulecases.series import NOW

SHARED = "GPU-5d40cd34-3435-5561-3ac4-312bd07d4a12"
DEAD = "GPU-3c8f6a9e-6d0e-7f0c-9a3b-1d5f7e2b4c11"
JIHO = {"namespace": "dev", "pod": "jupyter-jiho", "pod_uid": "30f675a7-7daa-45ad-ab51-617bbb845143"}
SORA = {"namespace": "team-a", "pod": "notebook-sora", "pod_uid": "7c91b954-41f9-4885-bd3f-9c302b2f8dfa"}
NOBODY = {"command": "python", "pod": "", "namespace": "", "container": "", "status": "active", "gpu_memory": "9MiB"}


def start(pid, ago):
    return lambda node: node.set("gpu_process_start_time_seconds", NOW - ago, pid=pid)


def both(*changes):
    def apply(node):
        for change in changes:
            change(node)

    return apply


LONG_RUNNING = [
    Scenario(
        "LongRunningGPUProcess",
        "checkpoint-mig",
        "a process of a pod runs for more than a day",
        trigger=start("21180", 90000),
        fires=[
            Firing(
                {"gpu": "0_2_0", "pid": "21180", "command": "python3", "namespace": "team-a", "pod": "resnet-sweep-0", "container": "sweep"},
                "python3 has been on GPU 0_2_0 of gpu-a for 1d 1h 6m 0s",
                "Process 21180 (python3) of pod team-a/resnet-sweep-0 on GPU 0_2_0 of gpu-a was started 1d 1h 6m 0s ago. Ask its"
                " owner whether it is still needed; a service that is meant to stay wants a higher threshold or a silence.",
            )
        ],
        silent=failing("attribution")
        | {
            "the file is old": freeze,
            "a day less ten minutes": start("21180", 86400 - 600),
            "it is the MPS daemon": lambda node: node.relabel("gpu_process_info", {"status": "mps_server"}, pid="21180"),
        },
        still={"another GPU is lost": lose_another_gpu, "allocations are not read": stage("allocations", 0)},
    ),
    Scenario(
        "LongRunningGPUProcess",
        "slurm-v2",
        "a user's job runs for more than a day",
        trigger=start("30201", 90000),
        fires=[
            Firing(
                {"gpu": "0", "pid": "30201", "command": "python3", "user": "ada", "slurm_job_id": "48850453"},
                "python3 has been on GPU 0 of gpu-a for 1d 1h 6m 0s",
                "Process 30201 (python3) of user ada on GPU 0 of gpu-a was started 1d 1h 6m 0s ago. Ask its owner whether it is"
                " still needed; a service that is meant to stay wants a higher threshold or a silence.",
            )
        ],
    ),
]


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
        still={"another GPU is lost, handed to a pod": lose_another_gpu, "mig is not read": lambda node: node.add(
            "gpu_session_collector_stage_success", 0, stage="mig")},
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


def only_dead(node):
    """Of the fixture's four dead processes, one of a pod and one of a user."""
    for pid in ("31103", "31104"):
        node.drop("gpu_process_defunct", pid=pid)


def dead(who, pid, command):
    return (
        "A dead process (zombie) holds GPU 0 of gpu-a",
        f"Process {pid} ({command}) of {who} on GPU 0 of gpu-a has been zombie for 15m and still holds the device. End its parent or"
        " the pod; if it stays, look into dmesg for an Xid, drain the node and reset the GPU or reboot.",
    )


def alive(node):
    node.set("gpu_process_defunct", "stale")


def dead_now_and_then(node):
    node.set("gpu_process_defunct", " ".join(["1 stale"] * 20))


DEFUNCT = [
    Scenario(
        "GPUProcessDefunct",
        "defunct-holders",
        "a pod's and a user's process are zombies",
        calm=lambda node: node.set("gpu_process_defunct", "stale"),
        trigger=both(lambda node: node.set("gpu_process_defunct", 1.0), only_dead),
        fires=[
            Firing(
                {"gpu": "0", "pid": "31101", "command": "python3", "reason": "zombie", "user": "ada", "unit": "session-3.scope"},
                *dead("user ada (session-3.scope)", "31101", "python3"),
            ),
            Firing(
                {"gpu": "0", "pid": "31102", "command": "python", "reason": "zombie", "namespace": "ml", "pod": "train-0", "container": "main"},
                *dead("pod ml/train-0", "31102", "python"),
            ),
        ],
        silent=failing("attribution") | {"the file is old": freeze, "it is found so now and then": dead_now_and_then, "it is alive": alive},
        still={"another GPU is lost": lose_another_gpu, "nothing else": nothing},
    )
]

SCENARIOS = LONG_RUNNING + IDLE + UNALLOCATED + DEFUNCT
