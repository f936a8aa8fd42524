"""Alerts about the collector."""

from rulecases.scenario import Firing, Scenario, driver_down, freeze, lose_another_gpu, stage
from rulecases.series import MINUTES, NOW


def readable(node):
    """All GPUs of the node can be read."""
    node.set("gpu_device_readable", 1)
    node.set("gpu_session_collector_success", 1)
    node.set("gpu_session_collector_stage_success", 1)


def failing_text(what, stage, node="gpu-a", hint=""):
    return (
        f"The GPU session collector of {node} does not read everything" + stage,
        f"{what} not been read for 10m, and alerts that rest on it are silent there.{hint} The pod's log says why, as does"
        " gpu_session_collector_problems > 0; on the node `gpu-sessions check` examines the installation.",
    )


def recover(node):
    node.drop("gpu_session_collector_stage_success", stage="allocations")
    node.add("gpu_session_collector_stage_success", "0+0x4 1 0+0x60", stage="allocations")


FAILING = [
    Scenario(
        "GPUCollectorFailing",
        "checkpoint-mig",
        "a stage that only enriches fails",
        trigger=stage("allocations", 0),
        fires=[
            Firing(
                {"stage": "allocations"},
                *failing_text("Stage allocations of the collector on gpu-a has", ": stage allocations fails"),
            )
        ],
        silent={"the file is old": freeze, "it succeeded once": recover, "it does not apply": stage("allocations", None)},
    ),
    Scenario(
        "GPUCollectorFailing",
        "checkpoint-mig",
        "the process list cannot be read",
        trigger=stage("processes", 0),
        fires=[
            Firing(
                {"stage": "processes"},
                *failing_text("Stage processes of the collector on gpu-a has", ": stage processes fails"),
            )
        ],
        silent={
            "a GPU is lost: that alert names it": lose_another_gpu,
            "the driver is down: so does that of the node": driver_down,
        },
    ),
    Scenario(
        "GPUCollectorFailing",
        "mig-no-permission",
        "the right to see instances was forgotten, of which three stages fail: one alert",
        calm=lambda node: None if node.number == 0 else (readable(node), node.stage("mig", 1)),
        fires=[
            Firing(
                {"stage": "mig"},
                *failing_text("Stage mig of the collector on gpu-a has", ": stage mig fails", hint=" Where MIG is on it may lack the right"
                " to see the instances: the chart's preset `mig` gives it."),
            )
        ],
        silent={"the file is old": freeze},
    ),
    Scenario(
        "GPUCollectorFailing",
        "h200-mig-two-ci-unplaced",
        "a process was lost and no stage failed",
        calm=lambda node: node.set("gpu_session_collector_success", 1),
        trigger=lambda node: node.set("gpu_session_collector_success", 0),
        fires=[Firing({}, *failing_text("A part of what is on the GPUs of gpu-a has", ""))],
    ),
    Scenario(
        "GPUCollectorFailing",
        "checkpoint-mig",
        "a process was lost, and a stage failed on each of the other nodes",
        calm=lambda node: node.stage("attribution", 0) if node.number else None,
        trigger=lambda node: node.set("gpu_session_collector_success", 0),
        fires=[
            Firing({}, *failing_text("A part of what is on the GPUs of gpu-a has", "")),
            Firing(
                {"cluster": "east", "instance": "10.0.0.2:9100", "node": "gpu-b", "stage": "attribution"},
                *failing_text("Stage attribution of the collector on gpu-b has", ": stage attribution fails", "gpu-b"),
                elsewhere=True,
            ),
            Firing(
                {"cluster": "west", "instance": "10.0.0.1:9100", "node": "gpu-a", "stage": "attribution"},
                *failing_text("Stage attribution of the collector on gpu-a has", ": stage attribution fails"),
                elsewhere=True,
            ),
        ],
    ),
]


def last_run(age):
    def apply(node):
        node.last_run = f"{NOW - age}+60x{MINUTES}"

    return apply


def no_node_time(node):
    """node_exporter runs without its collector `time`."""
    node.time = None
    node.last_run = "-480+60x90"


def other_clock(ahead):
    """Both of the node's times are off by as much; it is Prometheus' clock that differs."""

    def apply(node):
        node.time = f"{NOW + ahead}+60x{MINUTES}"
        node.last_run = f"{NOW + ahead - 170}+60x{MINUTES}"

    return apply


def stale_text(age):
    return (
        f"The GPU sessions of gpu-a were last collected {age} ago",
        f"The file that node_exporter serves on gpu-a was written {age} ago or has no node_time_seconds beside it, so it counts for"
        " nothing. Look at the pods of gpu-session-metrics-collector on that node: are they scheduled, do they end in time, is the"
        " disk full? Without the collector, remove the file.",
    )


STALE = [
    Scenario(
        "GPUCollectorStale",
        "checkpoint-mig",
        "the collector stopped",
        trigger=freeze,
        delay=3,
        fires=[Firing({}, *stale_text("9m 20s"))],
        silent={
            "it is as old as is allowed": last_run(180),
            "the node's clock is ahead": other_clock(7200),
            "the node's clock is behind": other_clock(-7200),
            "there is no file": lambda node: node.drop("gpu_.*"),
            "its node is not ready: that has alerts of its own": lambda node: node.is_ready(0),
        },
        still={"it wrote with an error last": driver_down, "its node is ready": lambda node: node.is_ready(1)},
    ),
    Scenario(
        "GPUCollectorStale",
        "checkpoint-mig",
        "there is no clock to compare with",
        trigger=no_node_time,
        fires=[Firing({}, *stale_text("8m 0s"))],
    ),
]


LOST = {"command": "python", "status": "active", "gpu_memory": "9MiB", "uuid": "", "pod_uid": "7c91b954-0000-4885-bd3f-9c302b2f8df3"}
LABELS = Scenario(
    "GPULabelFormUnknown",
    "checkpoint-mig",
    "the name of a pod is lost on the way",
    trigger=lambda node: node.add("gpu_process_info", 1, gpu="1", pid="4711", **LOST),
    fires=[
        Firing(
            {},
            "The names of pods are lost between gpu-a and Prometheus",
            "Samples of gpu-a have the UID of a pod and not its name: Prometheus drops or renames `pod`, or `exported_pod`, when it"
            " scrapes node_exporter. Look at metric_relabel_configs (metricRelabelings); alerts name nobody until then.",
        )
    ],
    silent={
        "the file is old": freeze,
        "the pod has a name": lambda node: node.relabel("gpu_process_info", {"pod": "pod-7c91b954"}, pid="4711"),
        "it is in no pod": lambda node: node.relabel("gpu_process_info", {"pod_uid": ""}, pid="4711"),
    },
)

SCENARIOS = FAILING + STALE + [LABELS]
