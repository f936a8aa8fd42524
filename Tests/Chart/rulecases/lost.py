"""GPUs and nodes that cannot be read, have vanished or need a recovery."""

from rulecases.scenario import Firing, Recording, Scenario, alone, driver_down, failing, freeze, nothing, put, stage

WHOLE = "GPU-a305016d-6c4b-6313-7135-9081bf97b333"


def readable(node):
    node.set("gpu_device_readable", 1.0)


UNREADABLE = Scenario(
    "GPUDeviceUnreadable",
    "gpu-lost-cells",
    "one of four GPUs is lost",
    calm=readable,
    trigger=put("gpu_device_readable", 0.0, gpu="1"),
    fires=[
        Firing(
            {"gpu": "1", "uuid": "GPU-fc712d36-0450-b2b9-2408-2ce041f21da7", "pci_bus_id": "00000000:0F:00.0"},
            "GPU 1 of gpu-a cannot be read",
            "nvidia-smi on gpu-a names GPU 1 (00000000:0F:00.0) and could not read it or the processes on it for 5m. If dmesg shows an"
            ' Xid or "fallen off the bus", drain the node and reset the GPU or reboot.',
        )
    ],
    silent={"the file is old": freeze, "it came back": put("gpu_device_readable", "0+0x3 1+0x60", gpu="1")},
    still=failing("attribution"),
)
MIG_UNSEEN = Scenario(
    "GPUDeviceUnreadable",
    "mig-no-permission",
    "a whole GPU is lost beside one whose instances may not be seen, which is no broken GPU",
    trigger=put("gpu_device_readable", 0.0, gpu="1"),
    fires=[
        Firing(
            {"gpu": "1", "uuid": "GPU-cff6c705-bc7e-4ed7-4fda-e66d079bfc32", "pci_bus_id": "00000000:0F:00.0"},
            "GPU 1 of gpu-a cannot be read",
            "nvidia-smi on gpu-a names GPU 1 (00000000:0F:00.0) and could not read it or the processes on it for 5m. If dmesg shows an"
            ' Xid or "fallen off the bus", drain the node and reset the GPU or reboot.',
        )
    ],
    silent={"the driver says what it needs": lambda node: node.add(
        "gpu_recovery_action", 1, gpu="1", uuid="GPU-cff6c705-bc7e-4ed7-4fda-e66d079bfc32", action="Reset")},
)


def recovery(action):
    return lambda node: node.add("gpu_recovery_action", 1, gpu="1", uuid=WHOLE, action=action)


RECOVERY = Scenario(
    "GPURecoveryNeeded",
    "checkpoint-mig",
    "the driver wants a reset",
    calm=lambda node: recovery("None")(node) if node.number else None,
    trigger=recovery("Drain and Reset"),
    fires=[
        Firing(
            {"gpu": "1", "uuid": WHOLE, "action": "Drain and Reset"},
            "GPU 1 of gpu-a needs a recovery: Drain and Reset",
            f"The driver says that GPU 1 ({WHOLE}) of gpu-a needs this before it works again: Drain and Reset. Drain the node first; a"
            " reset is nvidia-smi --gpu-reset --id=1.",
        )
    ],
    silent={"the file is old": freeze, "it needs none": lambda node: node.relabel("gpu_recovery_action", {"action": "None"})},
)


def vanish(node):
    """After ten minutes nvidia-smi no longer names GPU 1."""
    for metric in ("gpu_device_readable", "gpu_info", "gpu_session_count", "gpu_utilization"):
        node.set(metric, "1+0x10 stale", gpu="1")


VANISHED = Scenario(
    "GPUCountDropped",
    "checkpoint-mig",
    "one of two GPUs vanishes",
    trigger=vanish,
    delay=11,
    fires=[
        Firing(
            {},
            "1 GPU(s) of gpu-a have vanished",
            "nvidia-smi on gpu-a names 1 GPU(s) fewer than at some time in the last three days. Does lspci -d 10de: still show them, and"
            " what does dmesg say? If they were taken out on purpose, silence this until then.",
        )
    ],
    silent={
        "the file is old": freeze,
        "it is named and cannot be read: another alert": put("gpu_device_readable", "1+0x10 0+0x79", gpu="1"),
        "it is back": put("gpu_device_readable", "1+0x10 stale _x2 1+0x76", gpu="1"),
        "no GPU is named: another alert": put("gpu_device_readable", "1+0x10 stale"),
    },
)
NODE = Scenario(
    "GPUNodeUnreadable",
    "checkpoint-mig",
    "the driver is down",
    trigger=driver_down,
    fires=[
        Firing(
            {},
            "No GPU of gpu-a can be read",
            "nvidia-smi on gpu-a has named no GPU for 5m: the driver is down, was updated without a reboot, or the collector has lost its"
            " devices. On the node: nvidia-smi, dmesg, gpu-sessions check; the log of the collector's pod has nvidia-smi's own sentence.",
        )
    ],
    silent={
        "the file is old": freeze,
        "only the processes cannot be read": lambda node: node.relabel("gpu_session_collector_stage_success", {"stage": "processes"}),
    },
)


def counts(record, name, change, value):
    make = alone("checkpoint-mig", change)
    return Recording(record, name, make, [] if value is None else [({"cluster": "east", "instance": "10.0.0.1:9100", "node": "gpu-a"}, value)], minute=30)


COUNT, GONE, AGE = "instance:gpus:count", "instance:gpus_missing:count", "instance:gpu_collector_age:seconds"
RECORDINGS = [
    counts(COUNT, "two", nothing, 2.0),
    counts(COUNT, "one of two cannot be read", put("gpu_device_readable", 0.0, gpu="1"), 2.0),
    counts(COUNT, "the file is old", freeze, None),
    counts(GONE, "one vanished", vanish, 1.0),
    counts(GONE, "none vanished", nothing, None),
    counts(AGE, "young", nothing, 20.0),
    counts(AGE, "without a clock", lambda node: setattr(node, "time", None), None),
]

SCENARIOS = [UNREADABLE, MIG_UNSEEN, RECOVERY, VANISHED, NODE]
