"""The dashboard of MIG: layout, use, and utilization weighted by the size of the instances."""

import frame
import looks
from panels import Column, row, series, stat, table
from queries import DEVICE, IDLE_FOR, IDLE_SHARE, INSTANCE, NAMESPACE, at, by, now, select, sessions, top

NEEDS = "By the collector's own figures (--mig-utilization), else by DCGM's. Empty: there are neither."
def mig_instances(only=""):
    return now("gpu, gpu_uuid, gpu_instance_id, compute_instance_id, profile", "gpu_mig_info", only=only)


INSTANCES = mig_instances()
PER_INSTANCE = "{{node}} {{gpu}} {{profile}}"
WEIGHTED = at("gpu:gpu_mig_utilization:weighted")
OF_POD = select("pod:gpu_mig_utilization:weighted", NAMESPACE)


def of_compute_instance(value, only=""):
    """A figure per device, with the labels of the MIG compute instance that it is."""
    return f"({mig_instances(only)} * on ({DEVICE}) group_left () {by('max', DEVICE, value)})"


def of_gpu_instance(value, only=""):
    """A figure per GPU instance, with the labels of each compute instance in it."""
    return f"({mig_instances(only)} * on ({INSTANCE}) group_left () {by('max', INSTANCE, value)})"


COUNT = of_compute_instance(select("gpu_session_count"))
BUSY = select("gpu_instance:gpu_mig_utilization:percent")


def memory(only=""):
    used = of_gpu_instance(select("gpu_mig_memory_used_bytes"), only)
    return f"100 * {used} / on ({INSTANCE}) group_left () {by('max', INSTANCE, select('gpu_mig_memory_total_bytes'))}"


# Of what a GPU is cut into, by instances that exist.
CUT = by("sum", "cluster, instance, node, gpu_uuid", now("gpu_uuid, gpu_instance_id", "gpu_instance_compute_fraction"))


def overview():
    split = now("gpu, uuid", "gpu_info", 'mig_mode="Enabled"')
    per_profile = "cluster, profile"
    return row(
        "Now",
        stat("GPUs with MIG on", "Those without an instance included.", f"count({split})", width=6),
        stat("GPU instances", "Several compute instances of one GPU instance count once.", f"count({by('count', INSTANCE, INSTANCES)})", width=6),
        stat("Compute instances", "Each is a device with sessions of its own.", f"count({INSTANCES})", width=6),
        stat("Without a session", "Compute instances that were read and that nobody is on.", f"sum({COUNT} == bool 0)", width=6),
        table("GPUs", "Utilization: that of its instances, weighted by their compute slices (1g 90 %, 2g 60 %, 1g 80 % are 72.5 %). "
              "Cut: share of its slices that instances have. At most 100: the busiest. " + NEEDS,
              ["cluster", "node", "gpu_uuid"],
              [Column("Utilization", WEIGHTED, "percent", gauge_to=100, steps=looks.BUSY),
               Column("Cut", CUT, "percentunit", gauge_to=1, steps=looks.SHARE),
               Column("Compute instances", by("count", "cluster, instance, node, gpu_uuid", INSTANCES))],
              rank=f"({WEIGHTED} or on (cluster, gpu_uuid) 0 * {CUT})", width=14, sort="Utilization"),
        table("Instances per profile", "Compute instances, and how many of them have a session.", ["cluster", "profile"],
              [Column("Instances", by("count", per_profile, INSTANCES)), Column("With a session", by("sum", per_profile, f"{COUNT} > bool 0")),
               Column("In use", by("avg", per_profile, f"{COUNT} > bool 0"), "percentunit", gauge_to=1, steps=looks.SHARE)],
              width=10, sort="Instances"),
        collapsed=False,
    )


def pods():
    link = {"links": [looks.POD_OF_LINE]}
    on_mig = f"and on ({DEVICE}) {select('gpu_mig_info')}"
    idle, idle_for = (f"({figure}) {on_mig}" for figure in (IDLE_SHARE, IDLE_FOR))
    return row(
        "Pods",
        table("Utilization by pod", "Of the instances that the pod holds or runs on, weighted by their size; at most 100, the least used. One "
              "that several pods share counts for each. " + NEEDS,
              ["cluster", "namespace", "pod"], [Column("Utilization", OF_POD, "percent", gauge_to=100, steps=looks.BUSY)],
              rank=f"-({OF_POD})", width=12, sort="Utilization"),
        series("Utilization by pod over time", "The same; the twenty busiest.", [(top(20, "cluster, namespace, pod", lambda only: OF_POD + only), "{{namespace}}/{{pod}}")], "percent", limit=100,
               **link),
        table("Who holds an idle instance", "No process of the pod is on it, or nothing has run there for an hour. GPUs: its share of one.",
              ["why", "cluster", "node", "gpu", "namespace", "pod"],
              [Column("GPUs", idle), Column("Idle for", idle_for, "s", steps=looks.LONG)], width=12, sort="Idle for"),
        table("Sessions by pod", "Of pods and of processes outside of pods; at most 100.", ["cluster", "node", "gpu", "namespace", "pod"],
              [Column("Sessions", f"count by (cluster, instance, node, gpu, namespace, pod) ({sessions()} {on_mig})")],
              width=12, sort="Sessions"),
        collapsed=False,
    )


def instances():
    def own(family):
        return [(top(20, DEVICE, lambda only: of_compute_instance(select(family), only)), PER_INSTANCE)]

    return row(
        "Instances",
        table("Layout", "A row per compute instance, at most 200; memory and utilization are of its GPU instance, which compute instances "
              "share. " + NEEDS,
              ["cluster", "node", "gpu", "profile", "gpu_instance_id", "compute_instance_id", "gpu_uuid"],
              [Column("Sessions", COUNT), Column("Share of GPU", of_compute_instance(select("gpu_compute_fraction")), "percentunit"),
               Column("Memory", memory(), "percent", gauge_to=100, steps=looks.FULL),
               Column("Utilization", of_gpu_instance(BUSY), "percent", gauge_to=100, steps=looks.BUSY)], limit=200, height=10, sort="Sessions"),
        series("Utilization of GPUs", "Weighted by the size of the instances; those that are not made do not count. The twenty busiest. " + NEEDS,
               [(top(20, "cluster, gpu_uuid", lambda only: WEIGHTED + only), "{{node}} GPU {{gpu}}")], "percent", limit=100),
        series("Utilization of instances", "The twenty busiest GPU instances, by each compute instance in them. " + NEEDS,
               [(top(20, DEVICE, lambda only: of_gpu_instance(BUSY, only)), PER_INSTANCE)], "percent", limit=100),
        series("SM utilization of instances", "The twenty busiest. Only with --mig-utilization.", own("gpu_mig_sm_utilization"), "percent", width=8,
               limit=100),
        series("Memory bandwidth of instances", "The twenty busiest. Only with --mig-utilization.",
               own("gpu_mig_memory_bandwidth_utilization"), "percent", width=8, limit=100),
        series("Memory of instances", "Percent of the instance's own memory; the twenty fullest.", [(top(20, DEVICE, memory), PER_INSTANCE)], "percent",
               width=8, limit=100),
    )


DASHBOARD = frame.dashboard(
    "gpu-sessions-mig", "GPU MIG", "MIG instances: layout, use, and utilization weighted by their size.",
    frame.CHOSEN, [overview(), pods(), instances()],
)
