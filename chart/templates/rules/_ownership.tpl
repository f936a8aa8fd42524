{{/*
Alerts that name an owner, one for each pod or user and not for each process. Each is silent where the names or what the
kubelet handed out could not be read, and on a device that was not read, but not because another device of the node was
not.
*/}}
{{- define "gpu-sessions.rules.ownership" -}}
{{- $alerts := .prometheusRule.alerts -}}
{{- $fresh := include "gpu-sessions.fresh" . -}}
{{- $attributed := include "gpu-sessions.stage" "attribution" -}}
{{- $where := include "gpu-sessions.saysWhere" . -}}
{{- $pod := include "gpu-sessions.saysPod" . -}}
{{- $who := include "gpu-sessions.saysWho" . | replace "\n" "" -}}
{{- $holder := "cluster, instance, node, namespace, pod, pod_uid" -}}
- alert: LongRunningGPUProcess
  # By the start time: an info metric is always 1 and never changes.
  expr: |-
    max by ({{ $holder }}, container, user, unit, slurm_job_id) (
      (
        max by (cluster, instance) (node_time_seconds)
        - on (cluster, instance) group_right ()
        max by (cluster, instance, gpu, pid) (gpu_process_start_time_seconds)
      )
      * on (cluster, instance, gpu, pid) group_right ()
      label_replace(gpu:session:info{{ include "gpu-sessions.notExcluded" (list . "LongRunningGPUProcess") }}, "container", "", "pod", ".+")
      {{ $attributed }}
    )
    > {{ include "gpu-sessions.number" $alerts.LongRunningGPUProcess.above }}
  summary: >-
    A process of {{ $who }} has been on a GPU of {{ $where }} for [[ $value | humanizeDuration ]]
  description: >-
    The oldest GPU process of {{ $who }} on {{ $where }} was started [[ $value | humanizeDuration ]] ago. Ask its owner
    whether it is still needed; a namespace of services that are meant to stay belongs into this alert's excludeNamespaces.
- alert: GPUAllocatedButIdle
  expr: |-
    count by ({{ $holder }}) (gpu:held_idle:replicas{{ include "gpu-sessions.notExcluded" (list . "GPUAllocatedButIdle") }})
  summary: >-
    Pod {{ $pod }} holds [[ $value ]] GPU device(s) of {{ $where }} without a process
  description: >-
    The kubelet has handed [[ $value ]] GPU device(s) of {{ $where }} to pod {{ $pod }} on which it has had no process for
    {for}; nobody else is given them meanwhile. Ask the owner to end the pod or to let it scale to zero.
    gpu:held_idle:replicas says which devices.
- alert: GPUHeldWithoutWork
  expr: |-
    count by ({{ $holder }}) (gpu:held_without_work:replicas{{ include "gpu-sessions.notExcluded" (list . "GPUHeldWithoutWork") }})
  summary: >-
    Pod {{ $pod }} has done nothing on [[ $value ]] GPU device(s) of {{ $where }} for an hour
  description: >-
    Pod {{ $pod }} holds [[ $value ]] GPU device(s) of {{ $where }} and has processes there, as a notebook does that is left
    open, but nothing has run on them for an hour. Ask the owner to end it; if it crashes again and again, its log says why.
    gpu:held_without_work:replicas says which devices.
- alert: GPUUsedWithoutAllocation
  # A process outside of pods counts where something shows that it is outside, not where its owner is unknown. A device
  # the kubelet handed out and this node does not show may be the one in use: then nobody is accused, unless a GPU that
  # is lost explains it. On MIG the names of the instances must be known too.
  expr: |-
    count by (cluster, instance, node, gpu, uuid, namespace, pod, pod_uid, container, user, unit, slurm_job_id) (
      {{ include "gpu-sessions.usedWithoutAllocation" (include "gpu-sessions.notExcluded" (list . "GPUUsedWithoutAllocation")) | nindent 6 | trim }}
      {{ $attributed }}
      {{ include "gpu-sessions.stage" "allocations" }}
    )
  summary: >-
    GPU [[ $labels.gpu ]] of {{ $where }} is used by {{ $who }} without an allocation
  description: >-
    [[ $value ]] process(es) of {{ $who }} are on GPU [[ $labels.gpu ]] of {{ $where }}, which the kubelet has not handed
    to them; the scheduler gives the same device to others. Look for NVIDIA_VISIBLE_DEVICES, a privileged container or a
    program started beside Kubernetes, and have it request nvidia.com/gpu.
- alert: GPUProcessDefunct
  expr: |-
    {{ include "gpu-sessions.owned" (list "gpu_process_defunct" "gpu, pid, command, reason") | nindent 4 | trim }}
    * on (cluster, instance, gpu, pid) group_left (user, unit, slurm_job_id)
    max by (cluster, instance, gpu, pid, user, unit, slurm_job_id) (gpu_process_info)
    {{ $fresh }}
    {{ $attributed }}
    {{- include "gpu-sessions.unlessExcluded" (list . "GPUProcessDefunct") | nindent 4 }}
  summary: >-
    A dead or stuck process ([[ $labels.reason ]]) holds GPU [[ $labels.gpu ]] of {{ $where }}
  description: >-
    Process [[ $labels.pid ]][[ with $labels.command ]] ([[ . ]])[[ end ]] of {{ $who }} on GPU [[ $labels.gpu ]] of {{ $where }} has been
    dead or stuck ([[ $labels.reason ]]) for {for} and still holds the device. End its parent or the pod; if it
    stays, look into dmesg for an Xid, drain the node and reset the GPU or reboot.
{{- end -}}

{{/* Processes on devices that nobody handed to their owner. Takes the matcher of namespaces. */}}
{{- define "gpu-sessions.usedWithoutAllocation" -}}
{{- $session := printf "gpu:session:info{%s" (empty . | ternary "" (printf "%s," (trimAll "{}" .))) -}}
(
  {{ $session }}pod_uid!=""}
  or
  {{ $session }}pod_uid="",user!=""}
  or
  {{ $session }}pod_uid="",unit!=""}
  or
  {{ $session }}pod_uid="",container!=""}
)
unless on (cluster, instance, gpu, pod_uid) gpu_allocation_info
unless on (cluster, instance) (
  gpu_session_collector_problems{kind="allocation_device_unknown"} > 0 unless on (cluster, instance) gpu_device_readable == 0
)
unless on (cluster, instance, gpu) (
  gpu_mig_info unless on (cluster, instance) gpu_session_collector_stage_success{stage="mig"} == 1
)
{{- end -}}
