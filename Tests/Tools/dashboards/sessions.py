"""The dashboard of sessions: who is on which GPU."""

import frame
from panels import row, series, stat, table
from queries import (
    AGE, DEVICE, NAMESPACE, OWNER, PLACE, PROCESS, RUNNING, by, fresh, held_but_idle, of_session, once, select, sessions,
    stage_succeeded,
)

# Zero where the kubelet's files were read: what is not known is not zero.
ALLOCATIONS_READ = f"0 * sum({fresh(stage_succeeded('allocations'))})"
OWNED = ["cluster", "node", "instance", "gpu", "namespace", "pod", "container", "user", "unit", "slurm_job_id", "command", "pid"]
NAMESPACE_LABELS = "cluster, ${prefix}namespace"
SESSIONS_OF_USERS = sessions('user!=""')
SESSION_COUNT = once(DEVICE, "gpu_session_count")
MEMORY = once(f"{PROCESS}, {OWNER}", "gpu_process_memory_bytes", NAMESPACE)
PER_POD = "{{exported_namespace}}{{namespace}}/{{exported_pod}}{{pod}}"
PER_NAMESPACE = "{{exported_namespace}}{{namespace}}"
PER_GPU = "{{node}} {{instance}} GPU {{gpu}}"


def overview():
    return [
        row("Now"),
        stat("GPU devices", "Whole GPUs and MIG instances that were read. A device that could not be read is not counted.",
             f"count({SESSION_COUNT})"),
        stat("Sessions", "Processes on GPU devices, of all namespaces and users. A process on two devices is two sessions.",
             f"sum({SESSION_COUNT})"),
        stat("Devices without a session", "Devices that were read and that no compute process is on.",
             f"sum({SESSION_COUNT} == bool 0)"),
        stat("Held but idle", "Devices handed to a pod that no process of this pod is on. Not known: no kubelet's files were read.",
             f"count({held_but_idle(DEVICE)}) or {ALLOCATIONS_READ}", warn=True),
        stat("Stale nodes", "Nodes whose file is older than the limit. Everything else here leaves them out.",
             f"sum({AGE} >= bool $stale)", warn=True),
        stat("Nodes with a failed run", "Nodes where a device or the processes on it could not be read in the last run.",
             f"sum({once('cluster, instance', 'gpu_session_collector_success')} == bool 0)", warn=True),
        table(
            "Who is on what", "One row per session. Empty: the driver reports no memory or no utilization for this process, which it "
            "never does for utilization on MIG. No pod: the process is outside of pods, or its pod is not known.",
            [
                (None, sessions(), None),
                ("Memory", of_session(select("gpu_process_memory_bytes")), "bytes"),
                ("SM", of_session(select("gpu_process_utilization")), "percent"),
                ("Running for", of_session(RUNNING), "s"),
            ],
            [*OWNED, "type", "status"], height=12, sort="Memory",
        ),
    ]


def unused():
    return [
        row("Idle"),
        table("Which devices are without a session", "Read, and nobody is on them. A device that could not be read is not in this list.",
              [(None, once(f"{PLACE}, uuid", "gpu_process_info", 'status="idle"'), None)],
              ["cluster", "node", "instance", "gpu", "uuid"], width=10),
        table("Who holds an idle device",
              "Handed by the kubelet to a container, and no process of its pod is on the device. Empty also where attribution or "
              "allocations failed on the node: nobody is accused on half the facts.",
              [("Replicas", held_but_idle(f"{PLACE}, {OWNER}, ${{prefix}}container, resource"), "none")],
              ["cluster", "node", "instance", "gpu", "resource", "namespace", "pod", "container"], width=14),
        table("Longest running", "The twenty oldest sessions. A process without a known start time is not in this list.",
              [("Running for", f"topk(20, {of_session(RUNNING)})", "s")], OWNED, sort="Running for"),
        table("Defunct processes", "Listed by the driver and zombie, in uninterruptible sleep, or gone from /proc when sampled: their "
              "memory may stay taken. One sample proves nothing.",
              [("Memory", f"{once(f'{PLACE}, {OWNER}, command, pid, reason', 'gpu_process_defunct', NAMESPACE)}"
                f" * on ({PROCESS}) group_left () {by('max', PROCESS, select('gpu_process_memory_bytes'))}", "bytes")],
              ["cluster", "node", "instance", "gpu", "namespace", "pod", "command", "pid", "reason"], width=14),
        table("Memory that no process holds", "Taken on a GPU beyond what its processes hold; 20 to 60 MiB are the driver's own. "
              "Absent where one process there has no figure.",
              [("Memory", once(f"{PLACE}, uuid", "gpu_memory_unattributed_bytes"), "bytes")],
              ["cluster", "node", "instance", "gpu", "uuid"], width=10, sort="Memory"),
    ]


def owners():
    memory_of_user = (
        f"sum by (cluster, user) ({by('max', PROCESS, select('gpu_process_memory_bytes'))} * on ({PROCESS}) group_left (user)"
        f" {by('max', PROCESS + ', user', SESSIONS_OF_USERS)})"
    )
    held = once(f"{DEVICE}, ${{prefix}}namespace", "gpu_allocation_info", NAMESPACE)
    return [
        row("By namespace and by user"),
        table("By namespace", "Empty namespace: processes outside of pods. Held: devices handed to its pods, used or not.",
              [("Sessions", by("count", NAMESPACE_LABELS, sessions()), "none"), ("Memory", by("sum", NAMESPACE_LABELS, MEMORY), "bytes"),
               ("Held", by("count", NAMESPACE_LABELS, held), "none")],
              ["cluster", "namespace"], width=12, sort="Sessions"),
        table("By user", "Users of processes outside of containers; inside, a user id says nothing about a person.",
              [("Sessions", by("count", "cluster, user", SESSIONS_OF_USERS), "none"), ("Memory", memory_of_user, "bytes")],
              ["cluster", "user"], width=12, sort="Sessions"),
        series("Sessions by namespace", "Gap: nothing was read, or the file was too old.",
               [(by("count", NAMESPACE_LABELS, sessions()), PER_NAMESPACE)], "none", stack=True),
        series("Sessions by user", "Outside of containers only.",
               [(by("count", "cluster, user", SESSIONS_OF_USERS), "{{user}}")], "none", stack=True),
        series("Memory by pod", "A pod whose processes have no figure is absent, not 0.",
               [(by("sum", f"cluster, {OWNER}", MEMORY), PER_POD)], "bytes", stack=True),
        series("SM utilization by pod", "The sum of its processes on all devices, so two busy GPUs are 200 %. Absent on MIG and for "
               "processes that did nothing in the sample.",
               [(by("sum", f"cluster, {OWNER}", once(f"{PROCESS}, {OWNER}", "gpu_process_utilization", NAMESPACE)), PER_POD)], "percent"),
        series("Sessions by node", "All namespaces and users.",
               [(by("sum", "cluster, node, instance", once(PLACE, "gpu_session_count")), "{{node}} {{instance}}")], "none", stack=True),
        series("Held but idle, by namespace", "Devices by the namespace whose pod holds them.",
               [(by("count", NAMESPACE_LABELS, held_but_idle(f"{DEVICE}, ${{prefix}}namespace")), PER_NAMESPACE)], "none", stack=True),
    ]


def devices():
    used = f"100 * {select('gpu_memory_used_bytes')} / on ({DEVICE}) group_left () {by('max', DEVICE, 'gpu_memory_total_bytes')}"
    label = f"{PLACE}, uuid"

    def measured(family):
        return once(label, family)

    return [
        row("Devices"),
        table("GPUs", "Physical GPUs. Empty: not reported; utilization of a GPU with MIG on never is.",
              [(None, once(f"{label}, name", "gpu_info"), None),
               ("Utilization", measured("gpu_utilization"), "percent"), ("Memory used", measured("gpu_memory_used_bytes"), "bytes"),
               ("Memory", measured("gpu_memory_total_bytes"), "bytes"), ("Temperature", measured("gpu_temperature_celsius"), "celsius"),
               ("Power", measured("gpu_power_watts"), "watt"), ("Power limit", measured("gpu_power_limit_watts"), "watt")],
              ["cluster", "node", "instance", "gpu", "name", "uuid"]),
        series("Utilization", "As nvidia-smi reports it; absent with MIG on.", [(measured("gpu_utilization"), PER_GPU)], "percent", top=100),
        series("Memory used", "Percent of each physical GPU.", [(by("max", label, fresh(used)), PER_GPU)], "percent", top=100),
        series("Temperature", "Absent: not reported.", [(measured("gpu_temperature_celsius"), PER_GPU)], "celsius"),
        series("Power", "Absent: not reported.", [(measured("gpu_power_watts"), PER_GPU)], "watt"),
    ]


def collector():
    node = "cluster, instance"
    seconds = by("sum", node, by("max", f"{node}, stage", select("gpu_session_collector_stage_duration_seconds")))
    problems = by("sum", node, by("max", f"{node}, kind", select("gpu_session_collector_problems")))
    now_by_kind = by("sum", "cluster, kind", once(f"{node}, kind", "gpu_session_collector_problems")) + " > 0"
    return [
        row("Collector"),
        table("Collectors", "One row per node that ever published, stale ones included. Age is by the node's own clock.",
              [("Age", AGE, "s"), ("Success", by("min", node, select("gpu_session_collector_success")), "bool_yes_no"),
               ("Given up", problems, "none"), ("Took", seconds, "s"),
               ("Build", by("max", f"{node}, version", select("gpu_session_collector_build_info")), "none")],
              ["cluster", "instance", "version"], width=12, sort="Age"),
        table("Stages", "Each step of the last run. A stage that a node does not need is absent there: no MIG, no kubelet.",
              [("Success", once(f"{node}, stage", "gpu_session_collector_stage_success"), "bool_yes_no"),
               ("Took", once(f"{node}, stage", "gpu_session_collector_stage_duration_seconds"), "s")],
              ["cluster", "instance", "stage"], width=12),
        series("Given up, by reason", "Rows, PIDs, pods or devices that could not be used, and why.",
               [(now_by_kind, "{{kind}}")], "none"),
        series("Age of the file", "By the node's own clock. Above the limit a node is left out everywhere else.", [(AGE, "{{instance}}")], "s"),
    ]


DASHBOARD = frame.dashboard(
    "gpu-sessions", "GPU sessions", "Who is on which GPU: processes, pods and users, now and over time.", [],
    [*overview(), *unused(), *owners(), *devices(), *collector()],
)
