"""The dashboard of MIG: layout, use, and utilization weighted by the size of the instances."""

import frame
from panels import row, series, stat, table
from queries import (
    BUSY, DEVICE, INSTANCE, NAMESPACE, OWNER, PLACE, PROCESS, WEIGHT, WEIGHTED_AVERAGE, by, engine, held_but_idle, once, select, sessions,
)

LAYOUT = f"{PLACE}, gpu_uuid, gpu_instance_id, compute_instance_id, profile"
SPLIT = once(DEVICE, "gpu_info", 'mig_mode="Enabled"')
INSTANCES = once(LAYOUT, "gpu_mig_info")
PER_INSTANCE = "{{gpu_uuid}} instance {{gpu_instance_id}} {{profile}}"
NEEDS_DCGM = "Needs dcgm-exporter with DCGM_FI_PROF_GR_ENGINE_ACTIVE; nothing: it is not scraped, or its cluster label differs from ours."


def of_layout(value):
    """A figure per device, with the labels of the MIG compute instance that it is."""
    return f"{INSTANCES} * on ({DEVICE}) group_left () {by('max', DEVICE, value)}"


def of_instance(value):
    """A figure per GPU instance, with the labels of each compute instance in it."""
    return f"{INSTANCES} * on ({INSTANCE}) group_left () {by('max', INSTANCE, value)}"


def overview():
    idle = f"sum({of_layout(select('gpu_session_count'))} == bool 0)"
    return [
        row("Now"),
        stat("GPUs with MIG on", "Those without an instance included.", f"count({SPLIT})", width=6),
        stat("GPU instances", "Several compute instances of one GPU instance count once.", f"count({by('count', INSTANCE, INSTANCES)})", width=6),
        stat("Compute instances", "Each is a device with sessions of its own.", f"count({INSTANCES})", width=6),
        stat("Without a session", "Compute instances that were read and that nobody is on.", idle, width=6),
        table("Layout", "One row per compute instance; memory and engine are of its GPU instance, which compute instances share. "
              "Engine: " + NEEDS_DCGM,
              [("Sessions", of_layout(select("gpu_session_count")), "none"),
               ("Share of GPU", of_layout(select("gpu_compute_fraction")), "percentunit"),
               ("Memory used", of_instance(select("gpu_mig_memory_used_bytes")), "bytes"),
               ("Memory", of_instance(select("gpu_mig_memory_total_bytes")), "bytes"),
               ("Engine", of_instance(engine()), "percent")],
              ["cluster", "node", "instance", "gpu", "profile", "gpu_uuid", "gpu_instance_id", "compute_instance_id"], height=10),
    ]


def use():
    memory = (
        f"100 * {once(INSTANCE + ', profile', 'gpu_mig_memory_used_bytes')}"
        f" / on ({INSTANCE}, profile) {once(INSTANCE + ', profile', 'gpu_mig_memory_total_bytes')}"
    )
    profile = once(f"{INSTANCE}, profile", "gpu_mig_memory_total_bytes")
    busy = f"({profile}) * 0 + on ({INSTANCE}) group_left () ({BUSY})"
    return [
        row("Use"),
        series("Utilization of a GPU: weighted and plain",
               "Weighted: each GPU instance counts by its compute slices (1g 90 %, 2g 60 %, 1g 80 % are 72.5 %). Plain: each counts the same. "
               "Instances that are not made count in neither. " + NEEDS_DCGM,
               [(WEIGHTED_AVERAGE, "{{gpu_uuid}} weighted"), (f"avg by (cluster, gpu_uuid) ({BUSY})", "{{gpu_uuid}} plain")],
               "percent", width=24, top=100),
        series("Utilization of each GPU instance", "Share of time in which its engine was busy. " + NEEDS_DCGM,
               [(busy, PER_INSTANCE)], "percent", top=100),
        series("Memory of each GPU instance", "Percent of the instance's own memory.", [(memory, PER_INSTANCE)], "percent", top=100),
        series("Sessions by instance", "Compute instances; absent: it could not be read.",
               [(of_layout(select("gpu_session_count")), "{{node}} {{gpu}} {{profile}}")], "none", stack=True),
    ]


def pods():
    dcgm_owner = ", ${dcgm_prefix}namespace, ${dcgm_prefix}pod"
    held = engine(dcgm_owner, '${dcgm_prefix}pod!=""', '${dcgm_prefix}namespace=~"$namespace"')
    by_pod = f"sum by (cluster{dcgm_owner}) (({held}) * on ({INSTANCE}) group_left () ({WEIGHT}))"
    on_mig = by("max", f"{DEVICE}, profile", select("gpu_mig_info"))
    memory = once(f"{PROCESS}, {OWNER}", "gpu_process_memory_bytes", NAMESPACE)
    rows = f"cluster, instance, gpu, profile, {OWNER}"
    return [
        series("Weighted utilization by pod",
               "Percent of a whole GPU, by the pod that DCGM names for the instance, which is who holds it. Pods on two compute instances of one "
               "GPU instance each show all of it: DCGM measures no finer. " + NEEDS_DCGM,
               [(by_pod, "{{exported_namespace}}{{namespace}}/{{exported_pod}}{{pod}}")], "percent"),
        row("By pod"),
        table("Pods on instances", "Sessions of pods and of processes outside of pods. Empty memory: the driver reports none.",
              [("Sessions", f"count by ({rows}) ({by('max', f'{PROCESS}, {OWNER}', sessions())} * on ({DEVICE}) group_left (profile) {on_mig})",
                "none"),
               ("Memory", f"sum by ({rows}) ({memory} * on ({DEVICE}) group_left (profile) {on_mig})", "bytes")],
              ["cluster", "instance", "gpu", "profile", "namespace", "pod"], width=12, sort="Memory"),
        table("Who holds an idle instance", "Handed to a container, and no process of its pod is on the instance. Empty also where attribution or "
              "allocations failed on the node.",
              [("Replicas", f"{held_but_idle(f'{PLACE}, {OWNER}, ${{prefix}}container, resource')} and on ({DEVICE}) gpu_mig_info", "none")],
              ["cluster", "node", "instance", "gpu", "resource", "namespace", "pod", "container"], width=12),
    ]


DASHBOARD = frame.dashboard(
    "gpu-sessions-mig", "MIG", "MIG instances: layout, use, and utilization weighted by their size.",
    [frame.DCGM_PREFIX, frame.DCGM_SCALE], [*overview(), *use(), *pods()],
)
