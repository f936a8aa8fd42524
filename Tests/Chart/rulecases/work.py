"""Devices that are held and on which nothing runs, though a process is there."""

from rulecases.allocations import MIXTRAL, SORA
from rulecases.scenario import Firing, Recording, Scenario, alone, freeze, nothing, stage
from rulecases.mig import PARENT, busy

WHOLE = "GPU-a305016d-6c4b-6313-7135-9081bf97b333"
# On MIG: GPU instance 3, which notebook-sora holds.
INSTANCE = {"gpu": "0_3_0", "uuid": "MIG-fb44ad10-27ae-5a42-a48c-3a886be39a91", "gpu_uuid": PARENT, "gpu_instance_id": "3"}


def idle_gpu(node):
    node.set("gpu_utilization", 0.0, gpu="1")


def utilization(values):
    return lambda node: node.set("gpu_utilization", values, gpu="1")


def clocks(value, gpu="0", uuid=PARENT):
    return lambda node: node.add("gpu_clocks_idle", value, gpu=gpu, uuid=uuid)


def own_utilization(percent):
    return lambda node: node.add("gpu_mig_utilization", percent, **INSTANCE)


def dcgm(node, active=0):
    busy(node, {"3": active})


def only_instance_three(node):
    """Of the pods on the GPU that is cut, one; the others hold nothing."""
    for gpu in ("0_2_0", "0_2_1", "0_9_0"):
        node.drop("gpu_allocation_info", gpu=gpu)


def crash_loop(node):
    """Its process is there for one minute in six."""
    node.set("gpu_process_info", " ".join(["1 stale _x4"] * 15), pid="30410")
    idle_gpu(node)


def without_process(node):
    node.drop("gpu_process_.*", pid="30410")
    idle_gpu(node)


def nothing_done(who):
    return (
        f"Pod {who} has done nothing on 1 GPU device(s) of gpu-a for an hour",
        f"Pod {who} holds 1 GPU device(s) of gpu-a and has processes there, as a notebook does that is left open, but nothing has run"
        " on them for an hour. Ask the owner to end it; if it crashes again and again, its log says why."
        " gpu:held_without_work:replicas says which devices.",
    )


def scenario(name, trigger, fires, **more):
    return Scenario("GPUHeldWithoutWork", "checkpoint-mig", name, [fires], trigger, only_instance_three, delay=50, **more)


NOTEBOOK = Firing(SORA, *nothing_done("team-a/notebook-sora"))
TRAINER = Firing(MIXTRAL, *nothing_done("ml-train/mixtral-0"))
SCENARIOS = [
    scenario(
        "a process sleeps on a whole GPU",
        idle_gpu,
        TRAINER,
        silent={
            "the file is old": freeze,
            "it worked for a minute": utilization("0+0x30 3 0+0x58"),
            "what it did in ten minutes of the hour is not known": utilization("0+0x20 stale _x15 0+0x54"),
            "what the kubelet handed out is not known": stage("allocations", 0),
            "no process was there: that is another alert": without_process,
            "it holds it since a quarter of an hour": lambda node: node.set("gpu_allocation_info", "_x45 1+0x45", gpu="1"),
        },
        still={
            "one sample is missing": utilization("0+0x20 _ 0+0x68"),
            "names were not read": stage("attribution", 0),
            "clocks stay high": clocks(0, "1", WHOLE),
        },
    ),
    scenario("its process starts and dies again and again", crash_loop, TRAINER),
    scenario(
        "a whole GPU reports no utilization and keeps its clocks low",
        lambda node: (node.drop("gpu_utilization", gpu="1"), clocks(1, "1", WHOLE)(node)),
        TRAINER,
        silent={"they rose once": lambda node: node.set("gpu_clocks_idle", "1+0x30 0 1+0x58", gpu="1")},
    ),
    scenario(
        "the GPU of an instance keeps its clocks low",
        clocks(1),
        NOTEBOOK,
        silent={
            "they rose once": lambda node: node.set("gpu_clocks_idle", "1+0x30 0 1+0x58"),
            "they are high: another instance may work": lambda node: node.set("gpu_clocks_idle", 0),
        },
    ),
    scenario(
        "an instance reports no utilization of its own",
        own_utilization(0),
        NOTEBOOK,
        silent={"it worked for a minute": lambda node: node.set("gpu_mig_utilization", "0+0x30 2 0+0x58")},
        still={"DCGM says otherwise": lambda node: dcgm(node, 60)},
    ),
    scenario(
        "DCGM reports none of an instance",
        dcgm,
        NOTEBOOK,
        silent={"its clocks are low, and DCGM reports some": lambda node: (node.others.clear(), dcgm(node, 5), clocks(1)(node))},
    ),
]


def of_trainer(record, name, change, value):
    """What is recorded of ml-train, which holds a whole GPU; None: nothing."""
    make = alone("checkpoint-mig", lambda node: (only_instance_three(node), change(node)))
    samples = [] if value is None else [({"cluster": "east", "namespace": "ml-train"}, value)]
    return Recording(record, name, make, samples, minute=65, query=f'{record}{{namespace="ml-train"}}')


WITHOUT = "namespace:gpu_held_without_work:fraction"
RECORDINGS = [
    of_trainer(WITHOUT, "a whole GPU sleeps", idle_gpu, 1.0),
    of_trainer(WITHOUT, "it works", nothing, None),
    of_trainer("namespace:gpu_idle:fraction", "a whole GPU sleeps", idle_gpu, 1.0),
    of_trainer("namespace:gpu_idle:fraction", "no process is there", without_process, 1.0),
    of_trainer("namespace:gpu_idle:fraction", "it works", nothing, 0.0),
    of_trainer("namespace:gpu_idle:fraction", "the file is old", freeze, None),
    of_trainer("namespace:gpu_held:hours", "held for an hour", nothing, 1.0),
    of_trainer("namespace:gpu_idle:hours", "without a process for an hour", without_process, 1.0),
    of_trainer("namespace:gpu_idle:hours", "it works", nothing, 0.0),
    of_trainer("namespace:gpu_used:ratio", "without a process for an hour", without_process, 0.0),
    of_trainer("namespace:gpu_used:ratio", "it works", nothing, 1.0),
    of_trainer("namespace:gpu_used:ratio", "what the kubelet handed out is not known", stage("allocations", 0), None),
    of_trainer("namespace:gpu_held:hours", "what the kubelet handed out is not known", stage("allocations", 0), None),
    of_trainer("namespace:gpu_idle:hours", "what the kubelet handed out is not known", stage("allocations", 0), None),
]
