"""Weighted MIG utilization: layouts with the answer worked out by hand."""

from rulecases.scenario import Firing, Recording, Scenario, alone, failing, freeze, nothing, three

PARENT = "GPU-6bdf589d-3a06-d30c-d28f-7092407cd084"
MIG_FAMILIES = "gpu_mig_.*|gpu_compute_fraction|gpu_instance_compute_fraction|gpu_allocation_info|gpu_process_.*|gpu_session_count"
UTILIZATION = "gpu_instance:gpu_mig_utilization:percent"
WEIGHTED = "gpu:gpu_mig_utilization:weighted"
BY_POD = "pod:gpu_mig_utilization:weighted"


def cut(node, layout):
    """Cuts GPU 0 anew: GPU instance -> its compute slices, and per compute instance its slices and the pod that holds it."""
    for index in ("0_2_0", "0_2_1", "0_3_0", "0_9_0"):
        node.drop(MIG_FAMILIES, gpu=index)
    node.drop(MIG_FAMILIES, gpu_uuid=PARENT)
    for instance, (slices, parts) in layout.items():
        ids = {"gpu_uuid": PARENT, "gpu_instance_id": instance}
        node.add("gpu_instance_compute_fraction", slices / 7, **ids)
        for number, (part, pod) in enumerate(parts):
            device = {"gpu": f"0_{instance}_{number}"}
            node.add("gpu_mig_info", 1, **device, **ids, compute_instance_id=str(number), profile=f"{part}c.{slices}g.40gb")
            node.add("gpu_compute_fraction", part / 7, **device, **ids)
            owner = {"namespace": "lab", "pod": pod, "container": "main", "pod_uid": f"7c91b954-0000-4885-bd3f-9c302b2f8df{pod[-1]}"}
            node.add("gpu_allocation_info", 1, **device, resource="nvidia.com/mig", **owner)


def busy(node, percents, pods=("",)):
    """What DCGM says; once for each pod that it takes an instance to be of."""
    for instance, percent in percents.items():
        for pod in pods:
            node.dcgm(PARENT, instance, percent / 100, pod, "lab" if pod else "")


FIRST = {"7": (1, [(1, "p1")]), "3": (2, [(2, "p2")]), "9": (1, [(1, "p1")])}
SECOND = {"7": (1, [(1, "p1")]), "8": (1, [(1, "p2")]), "3": (2, [(2, "p2")]), "9": (1, [(1, "p3")])}
THIRD = {"2": (3, [(1, "p1"), (2, "p2")]), "3": (2, [(2, "p1")]), "5": (2, [(2, "p3")])}
EXAMPLES = {
    "1g 90, 2g 60, 1g 80": (FIRST, {"7": 90, "3": 60, "9": 80}, 72.5, {"p1": 85.0, "p2": 60.0}),
    "1g 90, 1g 80, 2g 60, 1g 70": (SECOND, {"7": 90, "8": 80, "3": 60, "9": 70}, 72.0, {"p1": 90.0, "p2": 66.667, "p3": 70.0}),
    "3g 95 cut in two, 2g 70, 2g 85": (THIRD, {"2": 95, "3": 70, "5": 85}, 85.0, {"p1": 85.0, "p2": 95.0, "p3": 85.0}),
}
# By compute instances, so p1 has one of the three slices of instance 2, not all of them: (95 + 2 x 70) / 3.
OWN_EXAMPLES = EXAMPLES | {"3g 95 cut in two, 2g 70, 2g 85": (*EXAMPLES["3g 95 cut in two, 2g 70, 2g 85"][:3], {"p1": 78.333, "p2": 95.0, "p3": 85.0})}


def own(node, layout, percents):
    """What the collector itself says of each compute instance."""
    for instance, (_, parts) in layout.items():
        for number in range(len(parts)):
            device = {"gpu": f"0_{instance}_{number}", "uuid": f"MIG-{instance}-{number}"}
            node.add("gpu_mig_utilization", float(percents[instance]), **device, gpu_uuid=PARENT, gpu_instance_id=instance)


def busy_first(layout, percents):
    """
    Cuts each node so; the first is as busy as given, the others 1 %. DCGM repeats itself, names a wrong pod, and still
    reports an instance that was removed.
    """

    def calm(node):
        cut(node, layout)
        busy(node, percents if node.number == 0 else dict.fromkeys(percents, 1), pods=("", "wrong"))
        busy(node, {"13": 99})

    return calm


def busy_without_dcgm(layout, percents):
    """The same by our own figures: DCGM is not there, but on one of the others, which it calls full."""

    def calm(node):
        cut(node, layout)
        own(node, layout, percents if node.number == 0 else dict.fromkeys(percents, 1))
        if node.number == 1:
            busy(node, dict.fromkeys(percents, 100))

    return calm


def rows(nodes, first):
    """Labels and value of every node, from those of the first: the others have the same at 1 %."""
    return [
        ({"cluster": node.cluster, **node.own(labels)}, value if node.number == 0 else 1.0)
        for node in nodes
        for labels, value in first
    ]


def recordings(name, how, layout, percents, gpu, pods):
    make = three("checkpoint-mig", calm=how(layout, percents))
    instances = [({"gpu_uuid": PARENT, "gpu_instance_id": instance}, float(percent)) for instance, percent in percents.items()]
    per_gpu = [(node @ {"gpu": "0", "gpu_uuid": PARENT}, gpu if node.number == 0 else 1.0) for node in make()]
    per_pod = [({"namespace": "lab", "pod": pod}, value) for pod, value in pods.items()]
    name = f"{name}: {how.__name__}"
    return [
        Recording(UTILIZATION, name, make, rows(make(), instances)),
        Recording(WEIGHTED, name, make, per_gpu),
        Recording(BY_POD, name, make, rows(make(), per_pod)),
    ]


def recordings_beside_an_old_file(layout, percents, _, pods):
    """The first node's file is old: there is something of the two others only."""
    make = three("checkpoint-mig", freeze, calm=busy_first(layout, percents))
    others = make()[1:]
    instances = rows(others, [({"gpu_uuid": PARENT, "gpu_instance_id": instance}, 1.0) for instance in percents])
    per_gpu = [(node @ {"gpu": "0", "gpu_uuid": PARENT}, 1.0) for node in others]
    per_pod = rows(others, [({"namespace": "lab", "pod": pod}, 1.0) for pod in pods])
    expected = {UTILIZATION: instances, WEIGHTED: per_gpu, BY_POD: per_pod}
    return [Recording(record, "one of three files is old", make, samples) for record, samples in expected.items()]


def third(percents, change=nothing, pods=("",)):
    return alone("checkpoint-mig", lambda node: (cut(node, THIRD), busy(node, percents, pods), change(node)))


FULLY = {"2": 95, "3": 70, "5": 85}
HERE = {"cluster": "east", "instance": "10.0.0.1:9100", "node": "gpu-a", "gpu": "0", "gpu_uuid": PARENT}


def pod(name, value):
    return {"cluster": "east", "namespace": "lab", "pod": name}, value


def takes_a_process(node):
    """The kubelet's state is gone; of one pod a process is seen."""
    node.drop("gpu_allocation_info")
    node.stage("allocations", 0)
    owner = {"namespace": "lab", "pod": "p3", "container": "main", "pod_uid": "7c91b954-0000-4885-bd3f-9c302b2f8df3"}
    node.add("gpu_process_info", 1, gpu="0_5_0", pid="7", command="python", status="active", gpu_memory="9MiB", **owner)


def partly_reported():
    """Of an instance on the first node DCGM says nothing: that is no 0. One of its pods holds it and another one."""

    def calm(node):
        cut(node, THIRD)
        busy(node, {"2": 95, "5": 85} if node.number == 0 else dict.fromkeys(THIRD, 1))

    make = three("checkpoint-mig", calm=calm)
    per_gpu = [(node @ {"gpu": "0", "gpu_uuid": PARENT}, 1.0 if node.number else 91.0) for node in make()]
    per_pod = [({"namespace": "lab", "pod": name}, value) for name, value in (("p1", 95.0), ("p2", 95.0), ("p3", 85.0))]
    expected = {WEIGHTED: per_gpu, BY_POD: rows(make(), per_pod)}
    return [Recording(record, "DCGM says nothing of one instance", make, samples) for record, samples in expected.items()]


def cut_in_part():
    """Of three slices one is a compute instance; it weighs one seventh, for it is all that our own figure is of."""

    def change(node):
        layout = {"2": (3, [(1, "p1")]), "3": (2, [(2, "p2")])}
        cut(node, layout)
        own(node, layout, {"2": 90, "3": 60})

    make = alone("checkpoint-mig", change)
    parts = [("2", "0_2_0", 90.0, 0.143), ("3", "0_3_0", 60.0, 0.286)]
    labels = [{"cluster": "east", "gpu_uuid": PARENT, "gpu_instance_id": instance, "gpu": gpu} for instance, gpu, *_ in parts]
    expected = {
        "mig_part:utilization:percent": [(each, part[2]) for each, part in zip(labels, parts)],
        "mig_part:weight:fraction": [(each, part[3]) for each, part in zip(labels, parts)],
        "mig_part:pod:info": [(each | {"namespace": "lab", "pod": pod}, 1.0) for each, pod in zip(labels, ("p1", "p2"))],
        WEIGHTED: [(HERE, 70.0)],
    }
    recordings = [Recording(record, "a GPU instance is cut in part", make, samples) for record, samples in expected.items()]
    return recordings + [Recording(record, "the file is old", third(FULLY, freeze), []) for record in list(expected)[:3]]


def dcgm_names_pods():
    """On the first node DCGM's pods count, beside one of which a process is seen; on the others the kubelet's do."""

    def calm(node):
        cut(node, THIRD)
        busy(node, {"2": 95} if node.number == 0 else dict.fromkeys(THIRD, 1), pods=("", "d1"))

    def change(node):
        takes_a_process(node)
        node.add("gpu_process_info", 1, gpu="0_2_0", pid="8", command="python", status="active", user="ada")

    make = three("checkpoint-mig", change, calm)
    others = rows(make()[1:], [({"namespace": "lab", "pod": name}, 1.0) for name in ("p1", "p2", "p3")])
    return make, [pod("d1", 95.0), *others]


RECORDINGS = [
    *(recording for name, example in EXAMPLES.items() for recording in recordings(name, busy_first, *example)),
    *(recording for name, example in OWN_EXAMPLES.items() for recording in recordings(name, busy_without_dcgm, *example)),
    *cut_in_part(),
    *recordings_beside_an_old_file(*EXAMPLES["3g 95 cut in two, 2g 70, 2g 85"]),
    *partly_reported(),
    Recording(BY_POD, "DCGM's pods where the kubelet's are not known", *dcgm_names_pods()),
    Recording(BY_POD, "a process where the kubelet's pods are not known", third({"2": 95, "5": 80}, takes_a_process), [pod("p3", 80.0)]),
    *(Recording(record, "the file is old", third(FULLY, freeze), []) for record in (UTILIZATION, WEIGHTED, BY_POD)),
    *(Recording(record, "there is no DCGM", third({}), []) for record in (UTILIZATION, WEIGHTED, BY_POD)),
]


def high(node):
    busy(node, {"2": 95, "3": 90, "9": 92})


def a_little_less(node):
    """A plain average would be 90.6 %."""
    node.others.clear()
    busy(node, {"2": 88, "3": 90, "9": 94})


HIGH = Scenario(
    "MIGHighUtilization",
    "checkpoint-mig",
    "the instances of a GPU are busy",
    calm=lambda node: busy(node, {"2": 50, "3": 100, "9": 100}) if node.number else None,
    trigger=high,
    fires=[
        Firing(
            {"gpu": "0", "gpu_uuid": PARENT},
            "The MIG instances of GPU 0 of gpu-a are 92.8 % busy",
            "Weighted by their size, the MIG instances of GPU 0 of gpu-a have been 92.8 % busy for 30m. If work waits for them, consider"
            " larger instances or whole GPUs.",
        )
    ],
    silent={"the file is old": freeze, "by their size it is 89.7 %": a_little_less, "there is no DCGM": lambda node: node.others.clear()},
    still=failing("attribution", "allocations"),
)

SCENARIOS = [HIGH]
