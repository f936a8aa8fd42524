{{/*
Who holds how much: shares of devices in use, and GPUs held by namespace and by user. Where two vectors of one node are
joined it is enough that the first is young enough: they come from the same file.
*/}}
{{- define "gpu-sessions.rules.usage" -}}
{{- $form := .prometheus.labels -}}
{{- $alerts := .prometheusRule.alerts -}}
{{- $fresh := include "gpu-sessions.fresh" . -}}
{{- $idle := include "gpu-sessions.idleAllocations" . | replace "\n" " " -}}
{{- $users := `gpu_process_info{status="active",user!=""}` -}}
{{- $perDevice := "/ on (cluster, instance, gpu) group_left ()" -}}
{{- $ofGPU := "* on (cluster, instance, gpu) group_left () max by (cluster, instance, gpu) (gpu_compute_fraction)" -}}
- record: cluster:gpu_devices_in_use:ratio
  expr: |-
    avg by (cluster) ((gpu_session_count {{ $fresh }}) > bool 0)
- record: namespace:gpu_held:fraction
  # GPUs held, used or not: a shared device is divided among the pods that hold it, a MIG instance counts its share of
  # the GPU. GPU-hours of the last hour are sum_over_time(namespace:gpu_held:fraction[3599s:1m]) / 60: an average would
  # bill ten minutes as an hour, and [1h:1m] has 61 steps when asked at a full minute.
  expr: |-
    sum by (cluster, namespace) (
      group by (cluster, instance, gpu, namespace, pod_uid) ({{ include "gpu-sessions.clear" (list $form (printf "gpu_allocation_info %s" $fresh) "namespace") }})
      {{ $perDevice }} count by (cluster, instance, gpu) (group by (cluster, instance, gpu, pod_uid) (gpu_allocation_info))
      {{ $ofGPU }}
    )
- record: namespace:gpu_held_idle:fraction
  # The part of the above on which no process of the holder runs.
  expr: |-
    sum by (cluster, namespace) (
      group by (cluster, instance, gpu, namespace, pod_uid) ({{ include "gpu-sessions.clear" (list $form $idle "namespace") }})
      {{ $perDevice }} count by (cluster, instance, gpu) (group by (cluster, instance, gpu, pod_uid) (gpu_allocation_info))
      {{ $ofGPU }}
    )
- record: user:gpu_held:fraction
  # The same for processes outside of containers. A user counts once per device, however many processes run there.
  expr: |-
    sum by (cluster, user) (
      group by (cluster, instance, gpu, user) ({{ $users }} {{ $fresh }})
      {{ $perDevice }} count by (cluster, instance, gpu) (group by (cluster, instance, gpu, user) ({{ $users }}))
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
    have had a session for {{ $alerts.HighGPUUtilization.for }}; new work will soon have to wait. See
    GPUAllocatedButIdle for devices to take back, or add nodes.
{{- end -}}
