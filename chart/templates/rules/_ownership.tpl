{{/*
Alerts that name an owner. Each is silent where the names or what the kubelet handed out could not be read, and on a
device that was not read, but not because another device of the node was not. `gpu_memory` and whatever else may change
from one sample to the next is summed away: a new label set would begin `for` anew.
*/}}
{{- define "gpu-sessions.rules.ownership" -}}
{{- $form := .prometheus.labels -}}
{{- $alerts := .prometheusRule.alerts -}}
{{- $fresh := include "gpu-sessions.fresh" . -}}
{{- $attributed := include "gpu-sessions.stage" "attribution" -}}
{{- $allocated := include "gpu-sessions.stage" "allocations" -}}
{{- $idle := include "gpu-sessions.idleAllocations" . | replace "\n" " " -}}
{{- $container := include "gpu-sessions.label" (list $form "container") -}}
{{- $unallocated := include "gpu-sessions.usedWithoutAllocation" (dict "container" $container) | replace "\n" " " -}}
{{- $owner := "cluster, instance, node, gpu, pid, command, namespace, pod, container" -}}
{{- $where := include "gpu-sessions.saysWhere" . -}}
{{- $pod := include "gpu-sessions.saysPod" . -}}
{{- $who := include "gpu-sessions.saysWho" . | replace "\n" "" -}}
- alert: LongRunningGPUProcess
  # By the start time: an info metric is always 1 and never changes. The MPS daemon runs for as long as its node.
  expr: |-
    max by ({{ $owner }}) (
      max by (cluster, instance) (node_time_seconds) - on (cluster, instance) group_right ()
      {{ include "gpu-sessions.clear" (list $form "gpu_process_start_time_seconds" "node" "namespace" "pod" "container") }}
    )
    * on (cluster, instance, gpu, pid) group_left (user, unit, slurm_job_id)
    max by (cluster, instance, gpu, pid, user, unit, slurm_job_id) (
      gpu_process_info{status="active"} {{ $fresh }} {{ $attributed }}
    )
    > {{ include "gpu-sessions.number" $alerts.LongRunningGPUProcess.above }}
  summary: >-
    [[ $labels.command ]] has been on GPU [[ $labels.gpu ]] of {{ $where }} for [[ $value | humanizeDuration ]]
  description: >-
    Process [[ $labels.pid ]] ([[ $labels.command ]]) of {{ $who }} on GPU [[ $labels.gpu ]] of {{ $where }} was started
    [[ $value | humanizeDuration ]] ago. Ask its owner whether it is still needed; a service that is meant to stay wants
    a higher threshold or a silence.
- alert: GPUAllocatedButIdle
  expr: |-
    max by (cluster, instance, node, gpu, uuid, namespace, pod, pod_uid) (
      {{ include "gpu-sessions.clear" (list $form $idle "node" "namespace" "pod") }}
    )
  summary: >-
    Pod {{ $pod }} holds GPU [[ $labels.gpu ]] of {{ $where }} and does not use it
  description: >-
    The kubelet has handed GPU [[ $labels.gpu ]] of {{ $where }} to pod {{ $pod }}, and no process of that pod has been on it
    for {{ $alerts.GPUAllocatedButIdle.for }}. Nobody else is given this device meanwhile. Ask the owner to end the pod or to
    let it scale to zero.
- alert: GPUUsedWithoutAllocation
  # A process outside of pods counts where something shows that it is outside, not where its owner is unknown. A device
  # the kubelet handed out and this node does not show may be the one in use: then nobody is accused, unless a GPU that
  # is lost explains it. On MIG the names of the instances must be known too.
  expr: |-
    count by (cluster, instance, node, gpu, uuid, namespace, pod, pod_uid, container, user, unit, slurm_job_id) (
      {{ include "gpu-sessions.clear" (list $form $unallocated "node" "namespace" "pod" "container") }}
      {{ $fresh }} {{ $attributed }} {{ $allocated }}
    )
  summary: >-
    GPU [[ $labels.gpu ]] of {{ $where }} is used by {{ $who }} without an allocation
  description: >-
    [[ $value ]] process(es) of {{ $who }} are on GPU [[ $labels.gpu ]] of {{ $where }}, which the kubelet has not handed
    to them; the scheduler gives the same device to others. Look for NVIDIA_VISIBLE_DEVICES, a privileged container or a
    program started beside Kubernetes, and have it request nvidia.com/gpu.
- alert: GPUProcessDefunct
  expr: |-
    max by ({{ $owner }}, reason) (
      {{ include "gpu-sessions.clear" (list $form "gpu_process_defunct" "node" "namespace" "pod" "container") }} {{ $fresh }} {{ $attributed }}
    )
    * on (cluster, instance, gpu, pid) group_left (user, unit, slurm_job_id)
    max by (cluster, instance, gpu, pid, user, unit, slurm_job_id) (gpu_process_info)
  summary: >-
    A dead or stuck process ([[ $labels.reason ]]) holds GPU [[ $labels.gpu ]] of {{ $where }}
  description: >-
    Process [[ $labels.pid ]][[ with $labels.command ]] ([[ . ]])[[ end ]] of {{ $who }} on GPU [[ $labels.gpu ]] of {{ $where }} has been
    dead or stuck ([[ $labels.reason ]]) for {{ $alerts.GPUProcessDefunct.for }} and still holds the device. End its parent or the pod; if it
    stays, look into dmesg for an Xid, drain the node and reset the GPU or reboot.
{{- end -}}

{{/*
Devices handed to pods that have no process on them. A process whose pod is not known may be the pod's own, as may a row
of the process list that could not be read, and on MIG a process that nvidia-smi placed on no instance.
*/}}
{{- define "gpu-sessions.idleAllocations" -}}
gpu_allocation_info
unless on (cluster, instance, gpu, pod_uid) gpu_process_info{status="active",pod_uid!=""}
unless on (cluster, instance, gpu) gpu_process_info{status="active",pod_uid=""}
unless on (cluster, instance) (gpu_session_collector_problems{kind=~"process_row_malformed|process_row_unsupported|process_unlisted"} > 0)
unless on (cluster, instance, gpu) (gpu_mig_info and on (cluster, instance) (gpu_session_collector_problems{kind="mig_unplaced"} > 0))
and on (cluster, instance, gpu) gpu_session_count
{{ include "gpu-sessions.stage" "attribution" }}
{{ include "gpu-sessions.stage" "allocations" }}
{{ include "gpu-sessions.fresh" . }}
{{- end -}}

{{/* Processes on devices that nobody handed to their owner. Takes a dict: `container`, the name of that label. */}}
{{- define "gpu-sessions.usedWithoutAllocation" -}}
(
gpu_process_info{status="active",pod_uid!=""}
or gpu_process_info{status="active",pod_uid="",user!=""}
or gpu_process_info{status="active",pod_uid="",unit!=""}
or gpu_process_info{status="active",pod_uid="",{{ .container }}!=""}
)
unless on (cluster, instance, gpu, pod_uid) gpu_allocation_info
unless on (cluster, instance) (gpu_session_collector_problems{kind="allocation_device_unknown"} > 0 unless on (cluster, instance) gpu_device_readable == 0)
unless on (cluster, instance, gpu) (gpu_mig_info unless on (cluster, instance) gpu_session_collector_stage_success{stage="mig"} == 1)
{{- end -}}
