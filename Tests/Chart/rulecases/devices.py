"""Alerts about devices."""

from rulecases.scenario import Firing, Scenario, freeze, lose_another_gpu, put, stage

PARENT = "GPU-6bdf589d-3a06-d30c-d28f-7092407cd084"
WHOLE = "GPU-a305016d-6c4b-6313-7135-9081bf97b333"
DEAD = "GPU-3c8f6a9e-6d0e-7f0c-9a3b-1d5f7e2b4c11"
MEMORY = 85520809984.0
INSTANCE_MEMORY = 21072183296.0
GIB = 1073741824.0

def fill_parent(node):
    """The GPU that is cut into instances has no memory left, its instances have."""
    node.set("gpu_memory_used_bytes", MEMORY, gpu="0")


TEMPERATURE = Scenario(
    "GPUHighTemperature",
    "checkpoint-mig",
    "one GPU is hot",
    trigger=put("gpu_temperature_celsius", 91.0, gpu="1"),
    fires=[
        Firing(
            {"gpu": "1", "uuid": WHOLE},
            "GPU 1 of gpu-a is at 91 °C",
            f"GPU 1 ({WHOLE}) of gpu-a has been hotter than 85 °C for 5m; it slows down soon. Look at fans, airflow and the inlet"
            " temperature, and lower the power limit if it stays.",
        )
    ],
    silent={"the file is old": freeze, "as warm as is allowed": put("gpu_temperature_celsius", 85.0, gpu="1")},
    still={"another GPU is lost": lose_another_gpu, "names are not read": stage("attribution", 0)},
)

FULL = [
    Scenario(
        "GPUMemoryAlmostFull",
        "checkpoint-mig",
        "the memory of a whole GPU is used up",
        trigger=put("gpu_memory_used_bytes", MEMORY * 0.97, gpu="1"),
        fires=[
            Firing(
                {"gpu": "1", "uuid": WHOLE},
                "Memory of GPU 1 of gpu-a is 97% full",
                "The memory of GPU 1 of gpu-a has been over 0.95 of its size for 10m; the next allocation may fail."
                " gpu_process_memory_bytes says who holds it.",
            )
        ],
        silent={"the file is old": freeze, "a little is left": put("gpu_memory_used_bytes", MEMORY * 0.94, gpu="1")},
        still={"another GPU is lost": lose_another_gpu},
    ),
    Scenario(
        "GPUMemoryAlmostFull",
        "checkpoint-mig",
        "the memory of a MIG instance is used up",
        calm=fill_parent,
        trigger=put("gpu_mig_memory_used_bytes", INSTANCE_MEMORY * 0.97, gpu_instance_id="3"),
        fires=[
            Firing(
                {"gpu": "0", "gpu_uuid": PARENT, "gpu_instance_id": "3", "profile": "2g.20gb"},
                "Memory of GPU 0 (instance 3, 2g.20gb) of gpu-a is 97% full",
                "The memory of GPU 0, MIG instance 3 (2g.20gb), of gpu-a has been over 0.95 of its size for 10m; the next allocation"
                " may fail. gpu_process_memory_bytes says who holds it.",
            )
        ],
        silent={"the file is old": freeze, "a little is left": put("gpu_mig_memory_used_bytes", INSTANCE_MEMORY * 0.94, gpu_instance_id="3")},
    ),
]

UTILIZATION = Scenario(
    "GPUHighUtilization",
    "checkpoint-mig",
    "one GPU is busy",
    trigger=put("gpu_utilization", 97.0, gpu="1"),
    fires=[
        Firing(
            {"gpu": "1", "uuid": WHOLE},
            "GPU 1 of gpu-a is 97 % busy",
            f"GPU 1 ({WHOLE}) of gpu-a has been busier than 95 % for 30m. That is well if one job runs there; if several share it,"
            " gpu_process_utilization says which one takes it.",
        )
    ],
    silent={
        "the file is old": freeze,
        "as busy as is allowed": put("gpu_utilization", 95.0, gpu="1"),
        "it paused": put("gpu_utilization", "97+0x19 10 97+0x49", gpu="1"),
    },
)

POWER = Scenario(
    "GPUNearPowerLimit",
    "checkpoint-mig",
    "one GPU draws what it may",
    trigger=put("gpu_power_watts", 690.0, gpu="1"),
    fires=[
        Firing(
            {"gpu": "1", "uuid": WHOLE},
            "GPU 1 of gpu-a draws 98.57% of its power limit",
            f"GPU 1 ({WHOLE}) of gpu-a has drawn more than 0.97 of its power limit for 30m: its clocks are held back. That is usual under"
            " full load; if all GPUs of a rack show it, look at how much the limit may be raised.",
        )
    ],
    silent={"the file is old": freeze, "a little less": put("gpu_power_watts", 679.0, gpu="1")},
)


def unread_beside_a_read_one(node):
    node.set("gpu_device_readable", 0.0, gpu="0")
    node.add("gpu_device_readable", 1.0, gpu="1", uuid="GPU-78bf91b6-cde6-c00d-97bf-bdea66c52ba4", pci_bus_id="00000000:25:00.0")


NOBODY = Scenario(
    "GPUMemoryHeldByNobody",
    "defunct-holders",
    "memory is in use that no process holds",
    calm=put("gpu_memory_unattributed_bytes", 23068672.0),
    trigger=put("gpu_memory_unattributed_bytes", 2466250752.0),
    fires=[
        Firing(
            {"gpu": "0", "uuid": DEAD},
            "2.297GiB of GPU 0 of gpu-a are held by no process",
            f"On GPU 0 ({DEAD}) of gpu-a 2.297GiB have been in use for 15m that no listed process holds, as after a crash. Look for"
            " processes with /dev/nvidia* open (fuser -v /dev/nvidia*), end them, else drain the node and reset the GPU"
            " (nvidia-smi --gpu-reset).",
        )
    ],
    silent={
        "the file is old": freeze,
        "no more than 1 GiB": put("gpu_memory_unattributed_bytes", GIB),
        "the GPU was not read, another was": unread_beside_a_read_one,
    },
    still={"another GPU is lost": lose_another_gpu, "names are not read": stage("attribution", 0)},
)


SCENARIOS = [TEMPERATURE, *FULL, UTILIZATION, POWER, NOBODY]
