"""PromQL that every panel is made of. `$name` and `${name}` are variables of the dashboard."""

NODE = 'cluster=~"$cluster", instance=~"$node"'
NAMESPACE = '${prefix}namespace=~"$namespace"'

# The age of what a node publishes, by the node's own clock: both figures are of one scrape. Reduced on both sides, so
# that a node_exporter that two jobs scrape is no duplicate.
AGE = (
    "max by (cluster, instance) (node_time_seconds)"
    f" - on (cluster, instance) max by (cluster, instance) (gpu_session_collector_last_run_timestamp_seconds{{{NODE}}})"
)

OWNER = "${prefix}namespace, ${prefix}pod"
PROCESS = "cluster, instance, gpu, pid"
PLACE = "cluster, node, instance, gpu"
SESSION = f"{PLACE}, {OWNER}, ${{prefix}}container, user, unit, slurm_job_id, command, pid, type, status"
DEVICE = "cluster, instance, gpu"
INSTANCE = "cluster, gpu_uuid, gpu_instance_id"


def select(family, *matchers):
    """The series of a family on the nodes chosen."""
    return f"{family}{{{', '.join((NODE, *matchers))}}}"


def fresh(expression):
    """What of this is not older than the limit: a file that nobody writes any more is served for ever."""
    return f"({expression}) and on (cluster, instance) ({AGE} < $stale)"


def now(family, *matchers):
    return fresh(select(family, *matchers))


def by(function, labels, expression):
    return f"{function} by ({labels}) ({expression})"


def once(labels, family, *matchers):
    """A family now, one series per label set: a node that two jobs scrape has each of its series twice."""
    return by("max", labels, now(family, *matchers))


def sessions(*matchers):
    """The processes of the chosen namespaces, one series each with all that is known of its owner."""
    return once(SESSION, "gpu_process_info", 'status="active"', NAMESPACE, *matchers)


def of_session(value, *matchers):
    """A figure of each process (a vector with one series per process), with the labels of its owner."""
    return f"{sessions(*matchers)} * on ({PROCESS}) group_left () {by('max', PROCESS, value)}"


# Seconds since each process started. The node's clock, as the start time is by it too.
RUNNING = (
    "max by (cluster, instance) (node_time_seconds) - on (cluster, instance) group_right ()"
    f" {by('max', PROCESS, select('gpu_process_start_time_seconds'))}"
)


def stage_succeeded(stage):
    return select("gpu_session_collector_stage_success", f'stage="{stage}"') + " == 1"


def held_but_idle(labels):
    """
    Devices handed out to a pod that is on none of them. A process whose pod is not known makes its device count as used,
    and a node where one of the two sources failed says nothing.
    """
    expression = (
        f"{select('gpu_allocation_info', NAMESPACE)}"
        ' unless on (cluster, instance, gpu, pod_uid) gpu_process_info{status="active", pod_uid!=""}'
        ' unless on (cluster, instance, gpu) gpu_process_info{status="active", pod_uid=""}'
        " and on (cluster, instance, gpu) gpu_session_count"
        f" and on (cluster, instance) ({stage_succeeded('attribution')})"
        f" and on (cluster, instance) ({stage_succeeded('allocations')})"
    )
    return by("max", labels, fresh(expression))


def engine(labels="", *matchers):
    """DCGM's share of time that a MIG GPU instance was busy, in percent, under our names of the two labels it is joined by."""
    renamed = "DCGM_FI_PROF_GR_ENGINE_ACTIVE{" + ", ".join(('cluster=~"$cluster"', 'GPU_I_ID!=""', *matchers)) + "}"
    for ours, theirs in (("gpu_uuid", "UUID"), ("gpu_instance_id", "GPU_I_ID")):
        renamed = f'label_replace({renamed}, "{ours}", "$1", "{theirs}", "(.+)")'
    return f"{by('max', INSTANCE + labels, renamed)} * $dcgm_scale"


# Both sides of the join are one series per GPU instance: `instance` differs between them, and a GPU instance may hold
# several compute instances.
WEIGHT = once(INSTANCE, "gpu_instance_compute_fraction")
BUSY = f"({engine()}) and on ({INSTANCE}) ({WEIGHT})"
WEIGHTED_AVERAGE = (
    f"sum by (cluster, gpu_uuid) (({BUSY}) * on ({INSTANCE}) ({WEIGHT}))"
    f" / sum by (cluster, gpu_uuid) (({WEIGHT}) and on ({INSTANCE}) ({engine()}))"
)
