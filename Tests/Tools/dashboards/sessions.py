"""The dashboard of sessions: what is wrong, who holds GPUs and does nothing with them, and who is on which."""

import frame
import looks
from devices import collector, devices
from panels import Column, row, series, stat, table
from queries import (
    AGE, DEVICE, IDLE_FOR, IDLE_SHARE, NAMESPACE, NEEDS_RECOVERY, PROCESS, WITHOUT_PROCESS, WITHOUT_WORK, at, by, defunct, firing, firing_for,
    hours, now, of_session, running, select, session_figure, sessions, top,
)

# Zero where something was read: what is not known is not zero.
NOTHING_HELD = f"0 * count({at('gpu:held:replicas')})"
OWNED = ["cluster", "node", "gpu", "namespace", "pod", "container", "user", "unit", "slurm_job_id", "command", "pid"]
MEMORY = session_figure("gpu_process_memory_bytes")
# Over time it is of all nodes: which are chosen would have to be found again at each step.
EVERYWHERE = select("gpu:session:info", NAMESPACE)
EVERYWHERE_OF_PODS = select("gpu:session:info", NAMESPACE, 'pod!=""')
BY_POD = "cluster, namespace, pod"
PER_POD = "{{namespace}}/{{pod}}"


def faults():
    readable = now("gpu, uuid", "gpu_device_readable")
    return [
        stat("Alerts firing", "Of this chart's rules. Not known: the rules are not loaded, and then most panels are empty.",
             f"count({firing()}) or 0 * count({select(AGE)})", steps=looks.BAD),
        stat("GPUs that can be read", "Physical GPUs.", f"sum({readable})"),
        stat("GPUs that cannot be read", "nvidia-smi names them, and they or what runs on them could not be read.",
             f"sum({readable} == bool 0)", steps=looks.BAD),
        stat("GPUs that need a recovery", "The driver says that they have to be reset or drained, or the node rebooted.",
             f"count({NEEDS_RECOVERY}) or 0 * count({now('gpu', 'gpu_recovery_action')})", steps=looks.BAD),
        stat("Stale nodes", "Nodes whose file is older than the limit. Everything else here leaves them out.",
             f"sum({at(AGE)} > bool $stale)", steps=looks.WARN),
        stat("Nodes with a failed run", "Nodes where a device or the processes on it could not be read in the last run.",
             f"sum({now('', 'gpu_session_collector_success')} == bool 0)", steps=looks.WARN),
    ]


def held_devices(recorded):
    """How many devices the holders of a recorded series hold."""
    return f"count(count by ({DEVICE}) ({at(recorded, NAMESPACE)})) or {NOTHING_HELD}"


def counts():
    count = now("gpu", "gpu_session_count")
    return [
        stat("GPU devices", "Whole GPUs and MIG instances that were read.", f"count({count})", width=3),
        stat("Sessions", "Processes on GPU devices, of all namespaces and users. A process on two devices is two sessions.",
             f"sum({count})", width=3),
        stat("Devices without a session", "Devices that were read and that no compute process is on.", f"sum({count} == bool 0)"),
        stat("Held without a process", "Devices handed to a pod that no process of this pod is on, by the rule of GPUAllocatedButIdle.",
             held_devices(WITHOUT_PROCESS[0]), steps=looks.WARN),
        stat("Held without work", "Devices with a process of their holder that did nothing for an hour, by the rule of GPUHeldWithoutWork.",
             held_devices(WITHOUT_WORK[0]), steps=looks.WARN),
        stat("Idle GPUs", "Both of these in whole GPUs: a MIG instance counts its slices, a shared device its replicas.",
             f"sum({IDLE_SHARE}) or {NOTHING_HELD}", "none", looks.WARN, width=3),
        stat("Idle GPUs cost an hour", "They times the price per GPU-hour.", f"$price * (sum({IDLE_SHARE}) or {NOTHING_HELD})", width=3),
    ]


def overview():
    return row(
        "Now", *faults(), *counts(),
        table("Firing alerts", "For how long the condition has held. What to do is in the alert's own text, in Alertmanager.",
              ["severity", "alertname", "cluster", "node", "gpu", "namespace", "pod", "user"],
              [Column("For", firing_for(), "s")], limit=50, width=12, sort="For"),
        table("Who holds GPUs and does nothing with them",
              "Devices, and why they are known to be idle. Idle for: as long as the alert's condition has held for the pod.",
              ["why", "cluster", "node", "gpu", "namespace", "pod"],
              [Column("GPUs", IDLE_SHARE), Column("Idle for", IDLE_FOR, "s", steps=looks.LONG),
               Column("Costs an hour", f"$price * ({IDLE_SHARE})")], width=12, sort="Idle for"),
        collapsed=False,
    )


def over_time():
    return row(
        "Use over time",
        series("Devices in use", "Share of devices with a session, as HighGPUUtilization counts it: what cannot be read is not in use.",
               [(select("cluster:gpu_devices_in_use:ratio"), "{{cluster}}")], "percentunit", limit=1),
        series("Alerts", "Firing, by name.", [(by("count", "alertname", firing()), "{{alertname}}")], stack=True),
        series("GPUs held, by namespace", "In whole GPUs; the fifteen that hold most.",
               [(top(15, "cluster, namespace", lambda only: select("namespace:gpu_held:fraction", NAMESPACE) + only), "{{namespace}}")], stack=True),
        series("Idle GPUs, by namespace", "Held without a process or without work for an hour, in whole GPUs; the fifteen with most.",
               [(top(15, "cluster, namespace", lambda only: select("namespace:gpu_idle:fraction", NAMESPACE) + only), "{{namespace}}")], stack=True),
        series("Sessions by namespace", "Empty namespace: processes outside of pods. The fifteen with most.",
               [(top(15, "cluster, namespace", lambda only: by("count", "cluster, namespace", f"{EVERYWHERE}{only}")), "{{namespace}}")], stack=True),
        series("GPUs in use, by user", "Outside of containers, in whole GPUs; the fifteen with most.",
               [(top(15, "cluster, user", lambda only: select("user:gpu_held:fraction") + only), "{{user}}")], stack=True),
    )


def cost():
    whole, idle = (hours(f"namespace:gpu_{what}:fraction", NAMESPACE) for what in ("held", "idle"))
    of_user = hours("user:gpu_held:fraction")
    return row(
        "GPU-hours and cost",
        table("By namespace", "Over the time shown, of what the rules recorded each minute: a minute without a sample is not billed. "
              "Used: the share of the hours that is not known to have been idle.",
              ["cluster", "namespace"],
              [Column("GPU-hours", whole), Column("Cost", f"$price * {whole}"), Column("Idle hours", idle),
               Column("Idle cost", f"$price * {idle}"),
               Column("Used", f"1 - {idle} / ({whole})", "percentunit", gauge_to=1, steps=looks.SHARE)], width=14, sort="GPU-hours"),
        table("By user", "Users of processes outside of containers; inside, a user id says nothing about a person.",
              ["cluster", "user"], [Column("GPU-hours", of_user), Column("Cost", f"$price * {of_user}")], width=10, sort="GPU-hours"),
    )


def who():
    return row(
        "Processes",
        table("Who is on what", "A row per session, at most 200: those with most memory. Choose a node or a namespace to see fewer. Empty: "
              "the driver reports none, which it never does for utilization on MIG. No pod: outside of pods, or not known.",
              OWNED,
              [Column(None, sessions()), Column("Memory", MEMORY, "bytes"),
               Column("SM", session_figure("gpu_process_utilization"), "percent", gauge_to=100, steps=looks.BUSY),
               Column("Running for", of_session(running()), "s")],
              rank=f"{MEMORY} or 0 * {sessions()}", limit=200, height=12, sort="Memory"),
        table("Longest running", "The twenty oldest sessions. A process without a known start time is not in this list.",
              OWNED, [Column("Running for", of_session(running()), "s")], limit=20, sort="Running for"),
        table("Defunct processes", "Listed by the driver and zombie, in uninterruptible sleep, or gone from /proc when sampled: their "
              "memory may stay taken. It is harmless if it does not last.",
              ["cluster", "node", "gpu", "namespace", "pod", "command", "pid"],
              [Column(None, defunct(), more=("reason",)), Column("Memory", MEMORY, "bytes")], width=12, sort="Memory"),
        table("Sessions and memory, by namespace", "Empty namespace: processes outside of pods.", ["cluster", "namespace"],
              [Column("Sessions", by("count", "cluster, namespace", sessions())),
               Column("Memory", by("sum", "cluster, namespace", MEMORY), "bytes")], width=6, sort="Sessions"),
        table("Sessions and memory, by user", "Outside of containers.", ["cluster", "user"],
              [Column("Sessions", by("count", "cluster, user", sessions('user!=""'))),
               Column("Memory", by("sum", "cluster, user", session_figure("gpu_process_memory_bytes", 'user!=""')), "bytes")],
              width=6, sort="Sessions"),
    )


def pods():
    def of_pods(family):
        def figure(only):
            of_processes = f"({EVERYWHERE_OF_PODS}{only}) * on ({PROCESS}) group_left () {by('max', PROCESS, select(family))}"
            return by("sum", BY_POD, of_processes)

        return [(top(20, BY_POD, figure), PER_POD)]

    more = {"links": [looks.POD_OF_LINE]}
    return row(
        "Pods over time",
        series("SM utilization by pod", "The sum of its processes on all devices, so two busy GPUs are 200 %; the twenty busiest. Absent on "
               "MIG and for processes that did nothing in the sample.", of_pods("gpu_process_utilization"), "percent", **more),
        series("Memory by pod", "The twenty with most. A pod whose processes have no figure is absent, not 0.",
               of_pods("gpu_process_memory_bytes"), "bytes", **more),
        series("Memory bandwidth by pod", "Share of time in which memory was read or written; the twenty with most.",
               of_pods("gpu_process_memory_bandwidth_utilization"), "percent", **more),
        series("Encoder by pod", "The twenty with most.", of_pods("gpu_process_encoder_utilization"), "percent", width=6, **more),
        series("Decoder by pod", "The twenty with most.", of_pods("gpu_process_decoder_utilization"), "percent", width=6, **more),
    )


DASHBOARD = frame.dashboard(
    "gpu-sessions", "GPU sessions", "What is wrong, who holds GPUs and does nothing with them, and who is on which.",
    frame.CHOSEN, [overview(), over_time(), cost(), who(), pods(), devices(), collector()],
)
