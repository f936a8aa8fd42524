"""The dashboard of one pod: what it holds, and what it does with it."""

import frame
import looks
from panels import Column, row, series, stat, table
from queries import (
    DEVICE, NAMESPACE, at, by, firing_for, hours, idle_for, idle_holders, idle_share, of_session, running, select, sessions,
)

POD = 'pod="$pod"'
OWN = (NAMESPACE, POD)
SHARE = at("gpu:held:fraction", *OWN)
PER_PROCESS = "{{node}} {{gpu}} {{command}} {{pid}}"
IDLE = idle_holders(idle_share, POD)
# The nodes that the pod has been on. Without it each figure would be read of every node, and then joined to this pod.
ITS_NODES = 'instance=~"$instance"'


def of_process(family):
    """A figure of each of its processes."""
    return of_session(select(family, ITS_NODES), POD)


def of_device(family):
    """A figure of each GPU of which the pod holds something; a MIG instance has none of its own here."""
    return f"({SHARE} * 0 + on ({DEVICE}) group_left () {by('max', DEVICE, select(family, ITS_NODES))})"


def now():
    spent = f"sum({hours('gpu:held:fraction', *OWN)})"
    return row(
        "Now",
        stat("GPUs held", "In whole GPUs: a MIG instance counts its slices, a shared device its replicas.", f"sum({SHARE})"),
        stat("Sessions", "Its processes on GPU devices.", f"count({sessions(POD)})"),
        stat("Idle", "Of the GPUs held, those without a process of the pod, or without work for an hour.",
             f"sum({IDLE}) or 0 * sum({SHARE})", steps=looks.thresholds("green", (0.001, "orange"))),
        stat("Utilization on MIG", "Of its instances, weighted by their size. Not known: no MIG, or nobody measures it.",
             select("pod:gpu_mig_utilization:weighted", *OWN), "percent", looks.BUSY),
        stat("GPU-hours", "Held over the time shown.", spent),
        stat("Cost", "They times the price per GPU-hour.", f"$price * {spent}"),
        table("Firing alerts of this pod", "For how long the condition has held.", ["severity", "alertname", "cluster", "node", "gpu"],
              [Column("For", firing_for(*OWN), "s")], limit=50, width=10),
        table("Devices", "What the kubelet has handed to it. Utilization, memory and temperature are of the whole GPU, which others may "
              "share; a MIG instance has none here.",
              ["cluster", "node", "gpu", "uuid"],
              [Column("Share of GPU", SHARE, "percentunit"), Column("Idle for", idle_holders(idle_for, POD), "s", steps=looks.LONG),
               Column("Utilization", of_device("gpu_utilization"), "percent", gauge_to=100, steps=looks.BUSY),
               Column("Clocks", of_device("gpu_clocks_idle"), words=looks.CLOCKS),
               Column("Temperature", of_device("gpu_temperature_celsius"), "celsius", steps=looks.HOT)], width=14),
        table("Processes", "At most 100. Empty: the driver reports none, which it never does for utilization on MIG.",
              ["cluster", "node", "gpu", "container", "command", "pid"],
              [Column(None, sessions(POD)), Column("Memory", of_process("gpu_process_memory_bytes"), "bytes"),
               Column("SM", of_process("gpu_process_utilization"), "percent", gauge_to=100, steps=looks.BUSY),
               Column("Running for", of_session(running(ITS_NODES), POD), "s")], sort="Memory"),
        collapsed=False,
    )


def over_time():
    def of_processes(title, family, unit="percent", width=12):
        return series(title, "By process, the twenty highest; a gap: the driver reported nothing.",
                      [(f"topk(20, {of_process(family)})", PER_PROCESS)], unit, width=width)

    return row(
        "Over time",
        of_processes("SM utilization", "gpu_process_utilization"),
        of_processes("Memory", "gpu_process_memory_bytes", "bytes"),
        series("Utilization of its GPUs", "Of the whole GPU, which others may share; absent on MIG. The twenty busiest.",
               [(f"topk(20, {of_device('gpu_utilization')})", "{{node}} GPU {{gpu}}")], "percent", limit=100),
        series("Utilization of its MIG instances", "Weighted by their size.",
               [(select("pod:gpu_mig_utilization:weighted", *OWN), "{{pod}}")], "percent", limit=100),
        of_processes("Memory bandwidth", "gpu_process_memory_bandwidth_utilization", width=8),
        of_processes("Encoder", "gpu_process_encoder_utilization", width=8),
        of_processes("Decoder", "gpu_process_decoder_utilization", width=8),
        collapsed=False,
    )


DASHBOARD = frame.dashboard(
    "gpu-sessions-pod", "GPU pod", "One pod: what it holds, and what it does with it.", frame.ONE_POD, [now(), over_time()],
)
