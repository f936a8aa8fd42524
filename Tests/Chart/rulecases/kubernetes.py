"""Alerts that rest on kube-state-metrics too."""

from rulecases.allocations import end
from rulecases.scenario import Firing, Scenario, driver_down, put, stage


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
        silent={"its capacity is no GPU": not_ours, "its node is not ready": lambda node: node.is_ready(0)},
        still={
            "its node_exporter is down too": lambda node: setattr(node, "time", None),
            "its node is ready": lambda node: node.is_ready(1),
        },
    )
    for resource in ("nvidia_com_gpu", "nvidia_com_mig_1g_10gb", "nvidia_com_gpu_shared")
]


def held_back(node):
    """The device plugin calls one of two GPUs unhealthy."""
    node.has_capacity("nvidia_com_gpu", 2, 2 if node.number else 1)


ALLOCATABLE = Scenario(
    "GPUNotAllocatable",
    "checkpoint-mig",
    "the device plugin calls one of two GPUs unhealthy",
    calm=held_back,
    fires=[
        Firing(
            {"cluster": "east", "node": "gpu-a", "resource": "nvidia_com_gpu"},
            "1 nvidia_com_gpu of gpu-a cannot be allocated",
            "Node gpu-a has 1 nvidia_com_gpu more than Kubernetes may hand out: for 15m its device plugin has held them for unhealthy,"
            " and pods wait that they could run. Its log names the device and the Xid.",
            elsewhere=True,
        )
    ],
    silent={
        "a GPU cannot be read: that alert names it": put("gpu_device_readable", 0, gpu="1"),
        "a GPU vanished": lambda node: node.set("gpu_device_readable", "1+0x1 stale", gpu="1"),
        "a GPU needs a reset": lambda node: node.add("gpu_recovery_action", 1, gpu="1", uuid="", action="Reset"),
        "the driver is down": driver_down,
        "its node is not ready": lambda node: node.is_ready(0),
        "all may be handed out": lambda node: (node.others.clear(), node.has_capacity("nvidia_com_gpu", 2)),
    },
    still={"it has no collector": lambda node: node.drop("gpu_.*")},
)


def pending(node, resource="nvidia_com_gpu", reason=1, name="llm-0"):
    pod = {"namespace": "ml-train", "pod": name}
    node.kube("kube_pod_container_resource_requests", 4, **pod, container="main", resource=resource, unit="integer")
    node.kube("kube_pod_status_unschedulable", reason, **pod)


def waiting_while_idle(node):
    """Two pods wait, each for some GPUs, in a cluster in which one holds one that it does not use."""
    pending(node)
    pending(node, name="llm-1")


def busy(node):
    """Nobody's device is idle."""
    node.drop("gpu_allocation_info", pod="idle-0")


PENDING = Scenario(
    "GPUPodsPendingWhileIdle",
    "checkpoint-mig",
    "two pods wait, and another one uses none of its GPUs",
    calm=busy,
    trigger=lambda node: (waiting_while_idle(node), end("30410")(node)),
    fires=[
        Firing(
            {"cluster": "east"},
            "2 pod(s) wait for a GPU while others hold idle ones",
            "For 30m 2 pod(s) of cluster east that request a GPU could not be scheduled, while there were GPUs that their holders do not"
            " use. sort_desc(namespace:gpu_idle:fraction) says whose.",
            elsewhere=True,
        )
    ],
    silent={
        "they wait for something else": lambda node: (node.others.clear(), pending(node, "cpu")),
        "they were scheduled": lambda node: (node.others.clear(), pending(node, reason=0)),
        "what is idle is not known": stage("attribution", 0),
    },
)

SCENARIOS = [*MISSING, ALLOCATABLE, PENDING]
