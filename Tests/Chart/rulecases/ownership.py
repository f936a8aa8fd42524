"""Processes that run for long, and dead ones."""

from rulecases.scenario import Firing, Scenario, failing, freeze, lose_another_gpu, stage
from rulecases.series import NOW


def start(pid, ago):
    return lambda node: node.set("gpu_process_start_time_seconds", NOW - ago, pid=pid)


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


def die(node):
    """Of the fixture's four dead processes, one of a pod and one of a user."""
    for pid in ("31101", "31102"):
        node.set("gpu_process_defunct", 1.0, pid=pid)


def dead(who, pid, command):
    return (
        "A dead or stuck process (zombie) holds GPU 0 of gpu-a",
        f"Process {pid} ({command}) of {who} on GPU 0 of gpu-a has been dead or stuck (zombie) for 15m and still holds the"
        " device. End its parent or the pod; if it stays, look into dmesg for an Xid, drain the node and reset the GPU or reboot.",
    )


def dead_now_and_then(node):
    node.set("gpu_process_defunct", " ".join(["1 stale"] * 20))


DEFUNCT = [
    Scenario(
        "GPUProcessDefunct",
        "defunct-holders",
        "a pod's and a user's process are zombies",
        calm=lambda node: node.set("gpu_process_defunct", "stale"),
        trigger=die,
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
        silent=failing("attribution") | {"the file is old": freeze, "it is found so now and then": dead_now_and_then},
        still={"another GPU is lost": lose_another_gpu},
    )
]

SCENARIOS = LONG_RUNNING + DEFUNCT
