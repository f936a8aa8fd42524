"""Shares of devices in use, and GPUs held by namespace and by user."""

from rulecases.allocations import end, forget_unnamed
from rulecases.scenario import Firing, Recording, Scenario, alone, failing, freeze, three


def all_in_use(node):
    node.set("gpu_session_count", 1.0, gpu="0_9_0")


def fill_the_second(node):
    """Nine of the ten devices of the two nodes of one cluster are in use: the limit, which is not exceeded."""
    if node.number == 1:
        all_in_use(node)


HIGH = Scenario(
    "HighGPUUtilization",
    "checkpoint-mig",
    "every device of a cluster is in use, of another four of five",
    calm=fill_the_second,
    trigger=all_in_use,
    fires=[
        Firing(
            {"cluster": "east"},
            "100% of the GPU devices of cluster east are in use",
            "100% of the GPUs and MIG instances of cluster east have had a session for 10m; new work will soon have to wait. See"
            " GPUAllocatedButIdle and GPUHeldWithoutWork for devices to take back, or add nodes.",
            elsewhere=True,
        )
    ],
    silent={
        "one of ten is free": lambda node: node.set("gpu_session_count", 0.0, gpu="0_9_0"),
        "sessions crowd on one device": lambda node: (
            node.set("gpu_session_count", 0.0, gpu="0_9_0"),
            node.set("gpu_session_count", 50.0, gpu="1"),
        ),
    },
    still={"the file is old, and another node is full": freeze},
)


def of(cluster, value, **labels):
    return {"cluster": cluster, **labels}, value


def for_ten_minutes(node):
    node.set("gpu_allocation_info", "_x10 1+0x9 stale", pod="mixtral-0")


def held(cluster, team_a, team_b, ml_train):
    return [
        of(cluster, team_a, namespace="team-a"),
        of(cluster, team_b, namespace="team-b"),
        of(cluster, ml_train, namespace="ml-train"),
    ]


def end_three(node):
    """Of four pods on one device, two of one namespace and one of another."""
    forget_unnamed(node)
    for pid in ("22871", "20037", "20038"):
        end(pid)(node)


def one_more_gpu(node):
    """A GPU of one user, beside that of two."""
    node.add("gpu_process_info", 1, gpu="1", pid="9", command="python", status="active", gpu_memory="9MiB", user="alan")
    node.add("gpu_compute_fraction", 1, gpu="1", gpu_uuid="GPU-19f1dd1a-6e5f-6a63-8b0c-2b6f8a7a3d07")


HOURS = 'sum_over_time(namespace:gpu_held:fraction{namespace="ml-train"}[3599s:1m]) / 60'

IN_USE = "cluster:gpu_devices_in_use:ratio"
HELD = "namespace:gpu_held:fraction"
IDLE = "namespace:gpu_held_idle:fraction"
USER = "user:gpu_held:fraction"

RECORDINGS = [
    Recording(IN_USE, "four of five devices", three("checkpoint-mig"), [of("east", 0.8), of("west", 0.8)]),
    Recording(
        IN_USE,
        "an old file counts for nothing",
        three("checkpoint-mig", lambda node: (all_in_use(node), freeze(node))),
        [of("east", 0.8), of("west", 0.8)],
    ),
    Recording(IN_USE, "one cluster is old", alone("checkpoint-mig", freeze), []),
    Recording(IN_USE, "no device was read", alone("driver-down"), []),
    Recording(
        HELD, "MIG instances by their share", three("checkpoint-mig"), held("east", 0.857, 0.857, 2.0) + held("west", 0.429, 0.429, 1.0)
    ),
    Recording(HELD, "an old file counts for nothing", three("checkpoint-mig", freeze), held("east", 0.429, 0.429, 1.0) + held("west", 0.429, 0.429, 1.0)),
    Recording(
        HELD,
        "a shared device is divided by replicas, of which inference has two, and no name is a holder too",
        alone("checkpoint-time-sliced"),
        [of("east", 0.167), of("east", 0.167, namespace="dev"), of("east", 0.333, namespace="inference"), of("east", 0.333, namespace="media")],
    ),
    Recording(HELD, "the file is old", alone("checkpoint-mig", freeze), []),
    Recording(
        HELD,
        "ten minutes are a sixth of an hour",
        alone("checkpoint-mig", for_ten_minutes),
        [of("east", 0.167, namespace="ml-train")],
        query=HOURS,
        minute=60,
    ),
    Recording(HELD, "an hour is one hour", alone("checkpoint-mig"), [of("east", 1.0, namespace="ml-train")], query=HOURS, minute=65),
    Recording(
        IDLE, "an instance without a process", three("checkpoint-mig"), [of("east", 0.286, namespace="team-b"), of("west", 0.143, namespace="team-b")]
    ),
    Recording(
        IDLE,
        "a part of a shared device",
        alone("checkpoint-time-sliced", end_three),
        [of("east", 0.2, namespace="dev"), of("east", 0.4, namespace="media")],
    ),
    Recording(IDLE, "everybody works", alone("checkpoint-time-sliced", forget_unnamed), []),
    Recording(IDLE, "the file is old", alone("checkpoint-mig", freeze), []),
    *(Recording(IDLE, name, alone("checkpoint-mig", change), []) for name, change in failing("attribution", "allocations").items()),
    Recording(
        USER,
        "two of ada's processes and one of grace's on one device",
        three("slurm-v2"),
        [of(cluster, share, user=user) for cluster, share in (("east", 1.0), ("west", 0.5)) for user in ("ada", "grace")],
    ),
    Recording(
        USER,
        "an old file counts for nothing",
        three("slurm-v2", freeze),
        [of(cluster, 0.5, user=user) for cluster in ("east", "west") for user in ("ada", "grace")],
    ),
    Recording(
        USER,
        "each device apart",
        alone("slurm-v2", one_more_gpu),
        [of("east", 0.5, user="ada"), of("east", 0.5, user="grace"), of("east", 1.0, user="alan")],
    ),
    Recording(
        USER,
        "a process without a known user bills nobody",
        alone("systemd-service"),
        [of("east", 0.333, user=user) for user in ("ollama", "postgres", "root")],
    ),
    Recording(USER, "the file is old", alone("slurm-v2", freeze), []),
    Recording(USER, "only pods are there", alone("checkpoint-mig"), []),
]

SCENARIOS = [HIGH]
