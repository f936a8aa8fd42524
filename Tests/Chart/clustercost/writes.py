"""
Writes to the Kubernetes API for one successful run of one CronJob, counted in the source of Kubernetes 1.31, and how
many runs the controllers' own limits let through. A range is where timing decides: the kubelet and the job controller
send one status for changes that come close together.

Not counted: reads and watches, what admission webhooks and resource quotas add, and what is on a node anyway, its lease
and its status.
"""

import dataclasses

# kube-controller-manager's --kube-api-qps, each controller a client of its own:
# pkg/controller/apis/config/v1alpha1/defaults.go.
REQUESTS_PER_SECOND = 20
# client-go lets a component send 25 events about one object, then one in 300 s: tools/record/events_cache.go. A CronJob
# stays the same object; Jobs and pods are new ones each minute.
EVENTS_PER_MINUTE_OF_AN_OLD_OBJECT = 60 / 300
EVENT_HOURS = 1  # kube-apiserver's --event-ttl
# What the counts below assume of the rendered CronJob.
ASSUMED = {
    "schedule": "*/1 * * * *", "successfulJobsHistoryLimit": 3, "concurrencyPolicy": "Forbid", "backoffLimit": 0,
    "restartPolicy": "Never", "imagePullPolicy": "IfNotPresent",
}


@dataclasses.dataclass(frozen=True)
class Write:
    """What a component sends for a run, at least and at most, and where in kubernetes/kubernetes that stands."""

    sender: str
    what: str
    least: float
    most: float
    source: str
    event: bool = False


CRONJOB, JOB, SCHEDULER, KUBELET, COLLECTOR = "cronjob controller", "job controller", "scheduler", "kubelet", "garbage collector"
CRONJOBS, JOBS = "pkg/controller/cronjob/cronjob_controllerv2.go", "pkg/controller/job/job_controller.go"
RUN = (
    Write(CRONJOB, "create the Job", 1, 1, f"{CRONJOBS} syncCronJob"),
    Write(CRONJOB, "CronJob's status: run started; run ended, together with the deletion of an older Job", 2, 2, f"{CRONJOBS} sync"),
    # Of four Jobs that have succeeded the oldest goes, before its ttlSecondsAfterFinished is over.
    Write(CRONJOB, "delete the Job of three minutes ago", 1, 1, f"{CRONJOBS} cleanupFinishedJobs"),
    Write(CRONJOB, "SuccessfulCreate, SawCompletedJob, SuccessfulDelete; later only one in 300 s, by client-go's limit",
          EVENTS_PER_MINUTE_OF_AN_OLD_OBJECT, 3, CRONJOBS, True),
    Write(JOB, "create the pod", 1, 1, f"{JOBS} manageJob"),
    Write(JOB, "Job's status: active; ready, if this lasts a second; pod counted; complete", 3, 4,
          f"{JOBS} trackJobStatusAndRemoveFinalizers"),
    Write(JOB, "remove the finalizer from the pod", 1, 1, f"{JOBS} removeTrackingFinalizerFromPods"),
    Write(JOB, "SuccessfulCreate, Completed", 2, 2, f"{JOBS} recordJobFinished, pkg/controller/controller_utils.go", True),
    Write(SCHEDULER, "bind the pod", 1, 1, "pkg/scheduler/framework/plugins/defaultbinder/default_binder.go"),
    Write(SCHEDULER, "Scheduled", 1, 1, "pkg/scheduler/schedule_one.go", True),
    Write(KUBELET, "pod's status: pending; sandbox ready; running; succeeded; sandbox gone", 3, 5,
          "pkg/kubelet/status/status_manager.go syncPod"),
    Write(KUBELET, "Pulled, Created, Started", 3, 3, "pkg/kubelet/images/image_manager.go, kuberuntime/kuberuntime_container.go", True),
    # It has ended, so it is gone at once: pkg/registry/core/pod/strategy.go CheckGracefulDelete.
    Write(COLLECTOR, "delete the pod of that Job", 1, 1, "pkg/controller/garbagecollector/garbagecollector.go"),
)  # fmt: skip


def total(event):
    """Least and most of a run: events, or everything else."""
    chosen = [write for write in RUN if write.event == event]
    return sum(write.least for write in chosen), sum(write.most for write in chosen)


def runs_per_minute(sender):
    """Least and most runs that one controller gets through at its own limit; its events count too."""
    chosen = [write for write in RUN if write.sender == sender]
    allowed = 60 * REQUESTS_PER_SECOND
    return int(allowed / sum(write.most for write in chosen)), int(allowed / sum(write.least for write in chosen))


def live_events(nodes):
    """The fewest events that the API server keeps at any time."""
    return round(total(True)[0] * 60 * EVENT_HOURS * nodes)
