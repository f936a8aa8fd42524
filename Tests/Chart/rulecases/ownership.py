"""Processes that run for long, and dead ones."""

from rulecases.scenario import Firing, Scenario, failing, freeze, lose_another_gpu, stage
from rulecases.series import NOW

TRAIN = {"namespace": "ml", "pod": "train-0", "container": "main"}


def start(pid, ago):
    return lambda node: node.set("gpu_process_start_time_seconds", NOW - ago, pid=pid)


def on_a_second_gpu(node, pid):
    """The process is on GPU 1 as well: one PID, two sessions."""
    for metric, labels, value in node.find("gpu_process_.*", pid=pid):
        node.add(metric, value, **labels | {"gpu": "1"})


def start_on_two(node):
    start("30201", 90000)(node)
    on_a_second_gpu(node, "30201")


def ran_for_a_day(who):
    return (
        f"A process of {who} has been on a GPU of gpu-a for 1d 1h 6m 0s",
        f"The oldest GPU process of {who} on gpu-a was started 1d 1h 6m 0s ago. Ask its owner whether it is still needed; a namespace of"
        " services that are meant to stay belongs into this alert's excludeNamespaces.",
    )


SWEEP = {"namespace": "team-a", "pod": "resnet-sweep-0", "pod_uid": "02e80cad-3085-4297-89fa-bef683c3d2f6"}
LONG_RUNNING = [
    Scenario(
        "LongRunningGPUProcess",
        "checkpoint-mig",
        "two processes of a pod, one for more than a day: one alert",
        trigger=start("21180", 90000),
        fires=[Firing(SWEEP, *ran_for_a_day("pod team-a/resnet-sweep-0"))],
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
        "a user's job runs on two GPUs for more than a day",
        trigger=start_on_two,
        fires=[Firing({"user": "ada", "slurm_job_id": "48850453"}, *ran_for_a_day("user ada"))],
    ),
    Scenario(
        "LongRunningGPUProcess",
        "systemd-service",
        "a service runs for more than a day",
        trigger=start("30501", 90000),
        fires=[Firing({"user": "ollama", "unit": "ollama.service"}, *ran_for_a_day("user ollama (ollama.service)"))],
    ),
]


def die(node):
    """Of the fixture's four dead processes, one of a user, one of a pod, on two GPUs, and one of a job."""
    for pid in ("31101", "31102", "31103"):
        node.set("gpu_process_defunct", 1.0, pid=pid)
    on_a_second_gpu(node, "31102")


def dead(who, pid, command, reason="zombie", gpu="0"):
    return (
        f"A dead or stuck process ({reason}) holds GPU {gpu} of gpu-a",
        f"Process {pid} ({command}) of {who} on GPU {gpu} of gpu-a has been dead or stuck ({reason}) for 15m and still holds the"
        " device. End its parent or the pod; if it stays, look into dmesg for an Xid, drain the node and reset the GPU or reboot.",
    )


def dead_now_and_then(node):
    node.set("gpu_process_defunct", " ".join(["1 stale"] * 20))


DEFUNCT = [
    Scenario(
        "GPUProcessDefunct",
        "defunct-holders",
        "processes of a user, of a pod and of a job are dead or stuck",
        calm=lambda node: node.set("gpu_process_defunct", "stale"),
        trigger=die,
        fires=[
            Firing(
                {"gpu": "0", "pid": "31101", "command": "python3", "reason": "zombie", "user": "ada", "unit": "session-3.scope"},
                *dead("user ada (session-3.scope)", "31101", "python3"),
            ),
            *(
                Firing(
                    {"gpu": gpu, "pid": "31102", "command": "python", "reason": "zombie", **TRAIN},
                    *dead("pod ml/train-0", "31102", "python", gpu=gpu),
                )
                for gpu in ("0", "1")
            ),
            Firing(
                {"gpu": "0", "pid": "31103", "command": "python3", "reason": "uninterruptible", "user": "ada", "slurm_job_id": "77"},
                *dead("user ada", "31103", "python3", "uninterruptible"),
            ),
        ],
        silent=failing("attribution") | {"the file is old": freeze, "it is found so now and then": dead_now_and_then},
        still={"another GPU is lost": lose_another_gpu},
    )
]

SCENARIOS = LONG_RUNNING + DEFUNCT
