"""Alerts about the collector."""

from rulecases.scenario import Firing, Scenario, freeze, stage
from rulecases.series import MINUTES, NOW


def failing_text(what, stage, node="gpu-a"):
    return (
        f"The GPU session collector of {node} does not read everything" + stage,
        f"{what} not been read for 10m, and alerts that rest on it are silent there. The pod's log says why, as does"
        " gpu_session_collector_problems > 0; on the node `gpu-sessions check` examines the installation.",
    )


def recover(node):
    node.drop("gpu_session_collector_stage_success", stage="allocations")
    node.add("gpu_session_collector_stage_success", "0+0x4 1 0+0x60", stage="allocations")


def driver_down(node):
    """All but the collector's own families is gone, and most of its stages."""
    node.samples = [sample for sample in node.samples if sample[0].startswith("gpu_session_collector_")]
    node.set("gpu_session_collector_success", 0)
    for name in ("processes", "utilization", "mig", "attribution", "allocations"):
        node.stage(name, None)
    node.stage("devices", 0)


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
        "the driver is down",
        trigger=driver_down,
        fires=[Firing({"stage": "devices"}, *failing_text("Stage devices of the collector on gpu-a has", ": stage devices fails"))],
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
        },
        still={"it wrote with an error last": driver_down},
    ),
    Scenario(
        "GPUCollectorStale",
        "checkpoint-mig",
        "there is no clock to compare with",
        trigger=no_node_time,
        fires=[Firing({}, *stale_text("8m 0s"))],
    ),
]


def gpus(resource):
    """All nodes have GPUs; on one of the others the collector stopped, which is not what is asked here."""

    def apply(node):
        node.has_capacity(resource, 7)
        if node.number == 1:
            node.freeze()

    return apply


def without_collector(node):
    """node_exporter serves no file of ours."""
    node.drop("gpu_.*")


def not_ours(node):
    node.others.clear()
    node.has_capacity("nvidia_com_gpu", 0)
    node.has_capacity("cpu", 64)


MISSING = [
    Scenario(
        "GPUCollectorMissing",
        "checkpoint-mig",
        f"a node with {resource} has no collector",
        calm=gpus(resource),
        trigger=without_collector,
        fires=[
            Firing(
                {"cluster": "east", "node": "gpu-a"},
                "Nothing collects the GPU sessions of gpu-a",
                "Node gpu-a has GPUs by kube-state-metrics, and no file of the collector has been served from there for 15m. Is there"
                " a pod of gpu-session-metrics-collector on it (one CronJob serves one node: set collection.nodes or"
                " collection.mode=daemonset), and does its node_exporter run and read the textfile directory?",
                elsewhere=True,
            )
        ],
        silent={"its capacity is no GPU": not_ours},
        still={"its node_exporter is down too": lambda node: setattr(node, "time", None)},
    )
    for resource in ("nvidia_com_gpu", "nvidia_com_mig_1g_10gb", "nvidia_com_gpu_shared")
]

SCENARIOS = FAILING + STALE + MISSING
