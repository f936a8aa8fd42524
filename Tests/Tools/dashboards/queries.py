"""
PromQL that the panels are made of. `$name` and `${name}` are variables of the dashboard. Who is on a GPU and who holds one comes
from the series that the chart's rules record, so the panels show what the alerts mean; figures of devices, of processes and of
the collector are joined to them as they are scraped.
"""

CLUSTER = 'cluster=~"$cluster"'
NAMESPACE = 'namespace=~"$namespace"'
DEVICE = "cluster, instance, gpu"
INSTANCE = "cluster, gpu_uuid, gpu_instance_id"
HOLDER = f"{DEVICE}, pod_uid"
PROCESS = f"{DEVICE}, pid"
AGE = "instance:gpu_collector_age:seconds"


def select(series, *matchers):
    """A series of the clusters chosen."""
    return f"{series}{{{', '.join((CLUSTER, *matchers))}}}"


def by(function, labels, expression):
    return f"{function} by ({labels}) ({expression})"


def at(series, *matchers):
    """The same on the nodes chosen, in parentheses."""
    named = select(series, 'node!="", node=~"$node"', *matchers)
    unnamed = select(series, 'node="", instance=~"$node"', *matchers)
    return f'({named} or label_replace({unnamed}, "node", "$1", "instance", "(.+)"))'


# The nodes chosen whose file is young enough, value 1: one that nobody writes any more is served for ever.
NODES = by("group", "cluster, instance, node", f"{at(AGE)} <= $stale")


def now(labels, family, *matchers, only=""):
    """
    What a family says now, by these labels beside cluster, instance and node: one series, however many jobs scrape a node. `only`
    narrows it before anything is joined.
    """
    kept = ", ".join(["cluster, instance", *([labels] if labels else [])])
    return f"({by('max', kept, select(family, *matchers) + only)} * on (cluster, instance) group_left (node) {NODES})"


def fresh(family):
    """The series of a family whose node's file is young enough, as they were scraped: one for each job that scrapes the node."""
    return f"({select(family)} and on (cluster, instance) {NODES})"


def sessions(*matchers):
    """The processes of the namespaces chosen, value 1, with all that is known of the owner."""
    return at("gpu:session:info", NAMESPACE, *matchers)


def of_session(value, *matchers):
    """A figure of each process (a vector with one series per process), with the labels of its owner."""
    return f"({sessions(*matchers)} * on ({PROCESS}) group_left () {by('max', PROCESS, value)})"


def session_figure(family, *matchers):
    return of_session(select(family), *matchers)


def defunct():
    """Processes that hold a device and do not run, with a label `reason`."""
    reasons = by("max", f"{PROCESS}, reason", select("gpu_process_defunct"))
    return f"({sessions()} * on ({PROCESS}) group_left (reason) {reasons})"


def running(*matchers):
    """Seconds since each process started, on the nodes that the matchers choose. The node's clock, as the start time is by it too."""
    started = by("max", PROCESS, select("gpu_process_start_time_seconds", *matchers))
    return f"max by (cluster, instance) (node_time_seconds) - on (cluster, instance) group_right () {started}"


def held(series, *matchers):
    """The share of a GPU that each holder of this recorded series has there: 1 for a whole GPU that nobody shares."""
    return f"({at('gpu:held:fraction', NAMESPACE, *matchers)} and on ({HOLDER}) {select(series)})"


def waiting_for(alert, before):
    """
    Seconds since a pod began to do what the alert is of, `before` of which lie before the alert's condition. Nothing where the
    alert is switched off or leaves out the namespace.
    """
    since = by("max", "cluster, instance, pod_uid", select("ALERTS_FOR_STATE", f'alertname="{alert}"'))
    return f"{before} + time() - {since}"


def idle_for(series, alert, before, *matchers):
    """How long each holder of this recorded series has been idle."""
    return f"{held(series, *matchers)} * 0 + on (cluster, instance, pod_uid) group_left () ({waiting_for(alert, before)})"


WITHOUT_PROCESS = ("gpu:held_idle:replicas", "GPUAllocatedButIdle", 0)
WITHOUT_WORK = ("gpu:held_without_work:replicas", "GPUHeldWithoutWork", 3600)
REASONS = {"no process": WITHOUT_PROCESS, "no work for an hour": WITHOUT_WORK}


def idle_holders(figure, *matchers):
    """A figure of each idle holder with a label `why`; `figure` makes it from what WITHOUT_PROCESS and WITHOUT_WORK hold."""
    labelled = [f'label_replace({figure(*what, *matchers)}, "why", "{why}", "", "")' for why, what in REASONS.items()]
    return " or ".join(labelled)


def idle_share(series, _alert, _before, *matchers):
    return held(series, *matchers)


IDLE_SHARE = idle_holders(idle_share)
IDLE_FOR = idle_holders(idle_for)


def top(count, labels, expression):
    """
    The `count` series that are highest at the end of the time shown, at each of its steps. `expression` makes the query from
    what narrows its first series to these, by these labels: only few are joined at each step, and who they are is found once.
    """
    best = f"topk({count}, last_over_time(({expression('')})[1m:10s] @ end()))"
    return expression(f" and on ({labels}) {best}")


def hours(series, *matchers):
    """GPU-hours over the time shown. An average would bill ten minutes as an hour."""
    return f"sum_over_time({select(series, *matchers)}[$__range:1m]) / 60"


NEEDS_RECOVERY = now("gpu, uuid, action", "gpu_recovery_action", 'action!="None"')

# Every alert of the chart.
ALERTS = (
    "GPUAllocatedButIdle", "GPUCollectorFailing", "GPUCollectorMissing", "GPUCollectorStale", "GPUCountDropped", "GPUDeviceUnreadable",
    "GPUHeldWithoutWork", "GPUHighTemperature", "GPUHighUtilization", "GPULabelFormUnknown", "GPUMemoryAlmostFull",
    "GPUMemoryHeldByNobody", "GPUNearPowerLimit", "GPUNodeUnreadable", "GPUNotAllocatable", "GPUPodsPendingWhileIdle",
    "GPUProcessDefunct", "GPURecoveryNeeded", "GPUUsedWithoutAllocation", "HighGPUUtilization", "LongRunningGPUProcess",
    "MIGHighUtilization",
)


def firing(*matchers):
    """The chart's alerts that fire on the nodes chosen; those that are of no node always."""
    return select("ALERTS", 'alertstate="firing"', f'alertname=~"{"|".join(ALERTS)}"', 'node=~"|$node"', *matchers)


def firing_for(*matchers):
    """For how many seconds the condition of each of these has held."""
    return f"time() - ALERTS_FOR_STATE and ignoring (alertstate) {firing(*matchers)}"
