"""A fleet of nodes with eight GPUs each for a day, on some of which something happens in the morning."""

from rulecases.series import NOW, Node

STEPS, SECONDS = 288, 300
# The step in which it happens.
MORNING = 100
LATER = STEPS - MORNING


def at(before, after):
    """A series that changes in the morning; None: it ends."""
    return f"{before}+0x{MORNING} " + ("stale" if after is None else f"{after}+0x{LATER}")


def healthy(number):
    """A node of which one GPU is free, and every other one at work for the pod that holds it."""
    node = Node("kubelet-1.36", f"gpu-{number:03}", "east", f"10.0.{number // 200}.{number % 200}:9100", number + 1, STEPS, SECONDS)
    for pod, gpu in (("notebook.v2", "1"), ("dra-b", "0"), ("dra-two", "7")):
        node.drop("gpu_allocation_info", pod=pod, gpu=gpu)
    node.set("gpu_process_start_time_seconds", NOW)
    # A service that is meant to stay; its namespace is in excludeNamespaces of LongRunningGPUProcess.
    node.set("gpu_process_start_time_seconds", NOW - 30 * 86400, pod="vllm-6f9c4d7b8-2xkqp")
    node.has_capacity("nvidia_com_gpu", 8)
    node.is_ready(1)
    return node


def end(node, metric, **labels):
    node.set(metric, at(1, None), **labels)


def gone(node, gpu):
    """All rows of a GPU but the one that says whether it can be read."""
    for metric, labels, value in node.find("gpu_(?!device_readable).*", gpu=gpu):
        node.set(metric, at(value, None), **{name: text for name, text in labels.items() if name in ("gpu", "pid")})
    node.problem("allocation_device_unknown", at(0, 1))


def unhealthy(node):
    """The device plugin has noticed that a GPU is lost."""
    node.others.clear()
    node.has_capacity("nvidia_com_gpu", 8, at(8, 7))
    node.is_ready(1)


def fail(node, *stages):
    for stage in stages:
        node.stage(stage, at(1, 0))
    node.set("gpu_session_collector_success", at(1, 0))


def driver_down(node):
    node.samples = [
        sample if sample[0].startswith("gpu_session_collector_") else (sample[0], sample[1], at(sample[2], None)) for sample in node.samples
    ]
    for stage in ("processes", "utilization", "attribution", "allocations"):
        node.stage(stage, at(1, None))
    fail(node, "devices")


def gpu_lost(node):
    gone(node, "2")
    node.set("gpu_device_readable", at(1, 0), gpu="2")
    fail(node, "devices", "processes")
    unhealthy(node)


def gpu_vanished(node):
    gone(node, "3")
    end(node, "gpu_device_readable", gpu="3")
    unhealthy(node)


def node_down(node):
    """Not ready, and its node_exporter does not answer."""
    node.others.clear()
    node.has_capacity("nvidia_com_gpu", 8)
    node.is_ready(at(1, 0))
    node.samples = [(metric, labels, at(value, None)) for metric, labels, value in node.samples]
    node.time, node.last_run = (f"{start}+{SECONDS}x{MORNING} stale" for start in (NOW, NOW - 20))


def not_collected(node):
    node.last_run = f"{NOW - 20}+{SECONDS}x{MORNING} {NOW + MORNING * SECONDS}+0x{LATER}"


def without_collector(node):
    node.drop("gpu_.*")


def idle_notebook(node):
    """For two hours nothing runs on a GPU that a process is on."""
    node.set("gpu_utilization", f"93+0x{MORNING} 0+0x24 93+0x{LATER - 25}", gpu="6")


def short_pause(node):
    """For half an hour."""
    node.set("gpu_utilization", f"93+0x{MORNING} 0+0x6 93+0x{LATER - 7}", gpu="6")


def crash_loop(node):
    """Its processes are there in every third sample, and never get to work."""
    for pid, gpu in (("30877", "2"), ("30878", "3")):
        for metric in ("gpu_process_info", "gpu_process_start_time_seconds"):
            ((_, _, value),) = node.find(metric, pid=pid)
            node.set(metric, f"{value!r}+0x{MORNING} " + " ".join([f"stale _ {value!r}"] * (LATER // 3)), pid=pid)
        node.set("gpu_utilization", at(98, 0), gpu=gpu)


def idle_holder(node):
    """A pod that was handed a GPU and is on none."""
    labels = {"resource": "nvidia.com/gpu", "namespace": "team-b", "pod": "notebook.v2", "container": "lab"}
    node.add("gpu_allocation_info", at("_", 1).replace("_+0", "_"), gpu="1", uuid="GPU-77e236b7-db63-ebe2-5b02-ae8772b1142e", pod_uid="b7845557-ad3b-4638-b01d-34a97a4ba75d", **labels)


def short_gap(node):
    """For one sample of everything, nobody scraped the node."""
    gap = "_x1"
    node.samples = [(metric, labels, f"{value!r}+0x{MORNING} {gap} {value!r}+0x{LATER - 2}") for metric, labels, value in node.samples]
    for name, start in (("time", NOW), ("last_run", NOW - 20)):
        setattr(node, name, f"{start}+{SECONDS}x{MORNING} {gap} {start + (MORNING + 2) * SECONDS}+{SECONDS}x{LATER - 2}")


def mig_preset_forgotten(number):
    """Another node, with a GPU that is cut into instances which the collector may not see."""
    node = Node("mig-no-permission", f"gpu-{number:03}", "east", f"10.0.{number // 200}.{number % 200}:9100", number + 1, STEPS, SECONDS)
    node.set("gpu_process_start_time_seconds", NOW)
    return node


# What happens, and what is said about it: labels beside that of the node.
FAULTS = [
    (driver_down, [{"alertname": "GPUNodeUnreadable"}]),
    (gpu_lost, [{"alertname": "GPUDeviceUnreadable", "gpu": "2"}]),
    (gpu_vanished, [{"alertname": "GPUCountDropped"}]),
    (node_down, []),
    (not_collected, [{"alertname": "GPUCollectorStale"}]),
    (without_collector, [{"alertname": "GPUCollectorMissing"}]),
    (idle_notebook, [{"alertname": "GPUHeldWithoutWork", "namespace": "team-b", "pod": "vllm-6f9c4d7b8-2xkqp"}]),
    (short_pause, []),
    (crash_loop, [{"alertname": "GPUHeldWithoutWork", "namespace": "team-a", "pod": "train-0"}]),
    (idle_holder, [{"alertname": "GPUAllocatedButIdle", "namespace": "team-b", "pod": "notebook.v2"}]),
    (short_gap, []),
]


def fleet(size):
    """The nodes, and the labels of every alert that fires about one of them in the course of the day."""
    nodes = [healthy(number) for number in range(size - 1)]
    fires = []
    for node, (fault, alerts) in zip(nodes, FAULTS):
        fault(node)
        fires += [node.own(alert) | {"node": node.name} for alert in alerts]
    nodes.append(mig_preset_forgotten(size - 1))
    return nodes, fires + [{"alertname": "GPUCollectorFailing", "stage": "mig", "node": nodes[-1].name}]
