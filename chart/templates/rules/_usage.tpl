{{/*
Who holds how much, and what of it is not used. A device that several pods share is divided among them by the replicas
that they hold; a MIG instance counts its share of the GPU.
*/}}
{{- define "gpu-sessions.rules.usage" -}}
{{- $alerts := .prometheusRule.alerts -}}
{{- $fresh := include "gpu-sessions.fresh" . -}}
{{- $holder := "on (cluster, instance, gpu, pod_uid)" -}}
{{- $ofGPU := "* on (cluster, instance, gpu) group_left () max by (cluster, instance, gpu) (gpu_compute_fraction)" -}}
{{- $hours := "sum_over_time(%s[3599s:1m]) / 60" -}}
- record: cluster:gpu_devices_in_use:ratio
  # A GPU that cannot be read counts as one that is not known to be in use, as do those of a node that have vanished.
  expr: |-
    avg by (cluster) (
      (
        max by (cluster, instance, gpu) (gpu_session_count) > bool 0
        or on (cluster, instance, gpu)
        max by (cluster, instance, gpu) (gpu_device_readable == 0)
        or on (cluster, instance, gpu)
        0 * max by (cluster, instance) (instance:gpus_missing:count)
      )
      {{ $fresh }}
    )
- record: gpu:held:fraction
  expr: |-
    gpu:held:replicas
    / on (cluster, instance, gpu) group_left () sum by (cluster, instance, gpu) (gpu:held:replicas)
    {{ $ofGPU }}
- record: gpu:held_idle:replicas
  # Of the devices held, those on which no process of the holder runs.
  expr: |-
    {{ include "gpu-sessions.heldIdle" . | nindent 4 | trim }}
- record: gpu:held_without_work:replicas
  # Of the devices held, those that have done nothing for an hour though a process of the holder is there.
  expr: |-
    {{ include "gpu-sessions.heldWithoutWork" . | nindent 4 | trim }}
- record: namespace:gpu_held:fraction
  expr: |-
    sum by (cluster, namespace) (gpu:held:fraction)
- record: namespace:gpu_held_idle:fraction
  expr: |-
    sum by (cluster, namespace) (gpu:held:fraction and {{ $holder }} gpu:held_idle:replicas)
- record: namespace:gpu_held_without_work:fraction
  expr: |-
    sum by (cluster, namespace) (gpu:held:fraction and {{ $holder }} gpu:held_without_work:replicas)
- record: namespace:gpu_idle:fraction
  # Both of them; 0 where something is held and none of it is known to be idle.
  expr: |-
    sum by (cluster, namespace) (
      gpu:held:fraction and {{ $holder }} (gpu:held_idle:replicas or gpu:held_without_work:replicas)
      or
      0 * gpu:held:fraction
    )
- record: namespace:gpu_held:hours
  # GPU-hours of the last hour. An average would bill ten minutes as an hour, and [1h:1m] has 61 steps at a full minute.
  expr: |-
    {{ printf $hours "namespace:gpu_held:fraction" }}
- record: namespace:gpu_idle:hours
  expr: |-
    {{ printf $hours "namespace:gpu_idle:fraction" }}
- record: namespace:gpu_used:ratio
  # Of the GPU-hours held in the last hour, those that are not known to have been idle.
  expr: |-
    1 - namespace:gpu_idle:hours / namespace:gpu_held:hours
- record: user:gpu_held:fraction
  # The same for processes outside of containers. A user counts once per device, however many processes run there.
  expr: |-
    sum by (cluster, user) (
      group by (cluster, instance, gpu, user) (gpu:session:info{user!=""})
      / on (cluster, instance, gpu) group_left ()
      count by (cluster, instance, gpu) (group by (cluster, instance, gpu, user) (gpu:session:info{user!=""}))
      {{ $ofGPU }}
    )
- alert: HighGPUUtilization
  # Devices with a session, not sessions per device: three sessions on one device would pass for three devices.
  expr: |-
    cluster:gpu_devices_in_use:ratio > {{ include "gpu-sessions.number" $alerts.HighGPUUtilization.above }}
  summary: >-
    [[ $value | humanizePercentage ]] of the GPU devices[[ with $labels.cluster ]] of cluster [[ . ]][[ end ]] are in use
  description: >-
    [[ $value | humanizePercentage ]] of the GPUs and MIG instances[[ with $labels.cluster ]] of cluster [[ . ]][[ end ]]
    have had a session for {for}; new work will soon have to wait. See GPUAllocatedButIdle and GPUHeldWithoutWork for
    devices to take back, or add nodes.
{{- end -}}

{{/*
Devices handed to pods that have no process on them. A process whose pod is not known may be the pod's own, as may a row
of the process list that could not be read, and on MIG a process that nvidia-smi placed on no instance.
*/}}
{{- define "gpu-sessions.heldIdle" -}}
gpu:held:replicas
unless on (cluster, instance, gpu, pod_uid) gpu_process_info{status="active",pod_uid!=""}
unless on (cluster, instance, gpu) gpu_process_info{status="active",pod_uid=""}
unless on (cluster, instance)
gpu_session_collector_problems{kind=~"process_row_malformed|process_row_unsupported|process_unlisted"} > 0
unless on (cluster, instance, gpu) (gpu_mig_info and on (cluster, instance) gpu_session_collector_problems{kind="mig_unplaced"} > 0)
and on (cluster, instance, gpu) gpu_session_count
{{ include "gpu-sessions.stage" "attribution" }}
{{- end -}}

{{/*
Devices of which every sample of an hour said that nothing ran on them, where the holder had a process there at some time
in the last quarter: so a pod is found whose process sleeps, and one whose process starts and dies again and again.
Utilization says so, of a MIG instance its own or DCGM's, or, of what reports none, clocks that the driver kept low.
*/}}
{{- define "gpu-sessions.heldWithoutWork" -}}
{{- $clocks := include "gpu-sessions.anHour" (list "min_over_time" "gpu_clocks_idle" 1) -}}
gpu:held:replicas
and on (cluster, instance, gpu) (
  {{ include "gpu-sessions.anHour" (list "max_over_time" "gpu_utilization" 0) }}
  or
  {{ include "gpu-sessions.anHour" (list "max_over_time" "gpu_mig_utilization" 0) }}
  or
  gpu_mig_info
  unless on (cluster, instance, gpu) gpu_mig_utilization
  and on (cluster, gpu_uuid, gpu_instance_id) {{ include "gpu-sessions.anHour" (list "max_over_time" "gpu_instance:gpu_mig_utilization:percent" 0) }}
  or
  gpu_mig_info
  unless on (cluster, gpu_uuid, gpu_instance_id) gpu_instance:gpu_mig_utilization:percent
  and on (cluster, instance, gpu_uuid) label_replace({{ $clocks }}, "gpu_uuid", "$1", "uuid", "(.+)")
  or
  {{ $clocks }} unless on (cluster, instance, gpu) gpu_utilization
)
and on (cluster, instance, gpu, pod_uid) count_over_time(gpu:held:replicas[1h:5m]) >= 11
and on (cluster, instance, gpu, pod_uid) present_over_time(gpu_process_info{status="active",pod_uid!=""}[15m])
{{- end -}}

{{/*
A series that had one value for an hour. Of the twelve times five minutes one may be missing: a gap that short proves
nothing. Takes a list: the function that finds the value furthest from it, the series, and the value.
*/}}
{{- define "gpu-sessions.anHour" -}}
({{ first . }}({{ index . 1 }}[1h]) == {{ last . }} and count_over_time({{ index . 1 }}[1h:5m]) >= 11)
{{- end -}}
