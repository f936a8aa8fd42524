{{/*
The devices themselves. These alerts accuse nobody; one of a GPU that was not read has no sample. What a broken GPU needs
is critical, a missing right of the collector is not.
*/}}
{{- define "gpu-sessions.rules.devices" -}}
{{- $alerts := .prometheusRule.alerts -}}
{{- $fresh := include "gpu-sessions.fresh" . -}}
{{- $device := "cluster, instance, node, gpu, uuid" -}}
{{- $where := include "gpu-sessions.saysWhere" . -}}
{{- $gpu := printf "GPU [[ $labels.gpu ]] of %s" $where -}}
- alert: GPUHighTemperature
  expr: |-
    max by ({{ $device }}) ({{ include "gpu-sessions.node" "gpu_temperature_celsius" }} {{ $fresh }})
    > {{ include "gpu-sessions.number" $alerts.GPUHighTemperature.above }}
  summary: >-
    {{ $gpu }} is at [[ $value ]] °C
  description: >-
    GPU [[ $labels.gpu ]] ([[ $labels.uuid ]]) of {{ $where }} has been hotter than
    {{ include "gpu-sessions.number" $alerts.GPUHighTemperature.above }} °C for {for}; it slows down soon.
    Look at fans, airflow and the inlet temperature, and lower the power limit if it stays.
- alert: GPUNearPowerLimit
  expr: |-
    max by ({{ $device }}) ({{ include "gpu-sessions.node" "(gpu_power_watts / gpu_power_limit_watts)" }} {{ $fresh }})
    > {{ include "gpu-sessions.number" $alerts.GPUNearPowerLimit.above }}
  summary: >-
    {{ $gpu }} draws [[ $value | humanizePercentage ]] of its power limit
  description: >-
    GPU [[ $labels.gpu ]] ([[ $labels.uuid ]]) of {{ $where }} has drawn more than
    {{ include "gpu-sessions.number" $alerts.GPUNearPowerLimit.above }} of its power limit for {for}: its clocks are held back.
    That is usual under full load; if all GPUs of a rack show it, look at how much the limit may be raised.
- alert: GPUMemoryAlmostFull
  # A GPU with MIG on is left to its instances: they do not share their memory.
  expr: |-
    (
      max by ({{ $device }}) (
        {{ include "gpu-sessions.node" "(gpu_memory_used_bytes / gpu_memory_total_bytes)" }} {{ $fresh }}
        unless on (cluster, instance, uuid) gpu_info{mig_mode="Enabled"}
      )
      or
      max by (cluster, instance, node, gpu_uuid, gpu_instance_id, profile) (
        {{ include "gpu-sessions.node" "(gpu_mig_memory_used_bytes / gpu_mig_memory_total_bytes)" }} {{ $fresh }}
      )
      * on (cluster, instance, gpu_uuid) group_left (gpu)
      max by (cluster, instance, gpu_uuid, gpu) (label_replace(gpu_info, "gpu_uuid", "$1", "uuid", "(.+)"))
    )
    > {{ include "gpu-sessions.number" $alerts.GPUMemoryAlmostFull.above }}
  summary: >-
    Memory of GPU [[ $labels.gpu ]][[ with $labels.profile ]] (instance [[ $labels.gpu_instance_id ]], [[ . ]])[[ end ]] of
    {{ $where }} is [[ $value | humanizePercentage ]] full
  description: >-
    The memory of GPU [[ $labels.gpu ]][[ with $labels.profile ]], MIG instance [[ $labels.gpu_instance_id ]] ([[ . ]]),[[ end ]] of {{ $where }}
    has been over {{ include "gpu-sessions.number" $alerts.GPUMemoryAlmostFull.above }} of its size for {for};
    the next allocation may fail. gpu_process_memory_bytes says who holds it.
- alert: GPUHighUtilization
  expr: |-
    max by ({{ $device }}) ({{ include "gpu-sessions.node" "gpu_utilization" }} {{ $fresh }})
    > {{ include "gpu-sessions.number" $alerts.GPUHighUtilization.above }}
  summary: >-
    {{ $gpu }} is [[ $value ]] % busy
  description: >-
    GPU [[ $labels.gpu ]] ([[ $labels.uuid ]]) of {{ $where }} has been busier than
    {{ include "gpu-sessions.number" $alerts.GPUHighUtilization.above }} % for {for}. That is well if one job
    runs there; if several share it, gpu_process_utilization says which one takes it.
- alert: GPUMemoryHeldByNobody
  expr: |-
    max by ({{ $device }}) (
      {{ include "gpu-sessions.node" "gpu_memory_unattributed_bytes" }} {{ $fresh }}
      and on (cluster, instance, gpu) gpu_device_readable == 1
    )
    > {{ include "gpu-sessions.number" $alerts.GPUMemoryHeldByNobody.above }}
  summary: >-
    [[ $value | humanize1024 ]]B of {{ $gpu }} are held by no process
  description: >-
    On GPU [[ $labels.gpu ]] ([[ $labels.uuid ]]) of {{ $where }} [[ $value | humanize1024 ]]B have been in use for
    {for} that no listed process holds, as after a crash. Look for processes with
    /dev/nvidia* open (fuser -v /dev/nvidia*), end them, else drain the node and reset the GPU (nvidia-smi --gpu-reset).
- alert: GPURecoveryNeeded
  expr: |-
    max by ({{ $device }}, action) ({{ include "gpu-sessions.node" `gpu_recovery_action{action!="None"}` }} {{ $fresh }})
  summary: >-
    {{ $gpu }} needs a recovery: [[ $labels.action ]]
  description: >-
    The driver says that GPU [[ $labels.gpu ]] ([[ $labels.uuid ]]) of {{ $where }} needs this before it works again:
    [[ $labels.action ]]. Drain the node first; a reset is nvidia-smi --gpu-reset --id=[[ $labels.gpu ]].
- alert: GPUDeviceUnreadable
  # A GPU whose instances the collector may not see is not broken: GPUCollectorFailing says that, once for the node. One
  # of which the driver says what it needs has GPURecoveryNeeded.
  expr: |-
    max by ({{ $device }}, pci_bus_id) (
      {{ include "gpu-sessions.node" "gpu_device_readable" }} {{ $fresh }}
      unless on (cluster, instance, gpu) {{ include "gpu-sessions.migUnseen" . }}
      unless on (cluster, instance, uuid) gpu_recovery_action{action!="None",uuid!=""}
    ) == 0
  summary: >-
    {{ $gpu }} cannot be read
  description: >-
    nvidia-smi on {{ $where }} names GPU [[ $labels.gpu ]] ([[ $labels.pci_bus_id ]]) and could not read it or the processes on
    it for {for}. If dmesg shows an Xid or "fallen off the bus", drain the node and reset the GPU or reboot.
- alert: GPUCountDropped
  expr: |-
    max by (cluster, instance, node) (instance:gpus_missing:count)
  summary: >-
    [[ $value ]] GPU(s) of {{ $where }} have vanished
  description: >-
    nvidia-smi on {{ $where }} names [[ $value ]] GPU(s) fewer than at some time in the last three days. Does lspci -d 10de:
    still show them, and what does dmesg say? If they were taken out on purpose, silence this until then.
- alert: GPUNodeUnreadable
  expr: |-
    max by (cluster, instance, node) ({{ include "gpu-sessions.node" (include "gpu-sessions.nodeUnreadable" .) }} {{ $fresh }})
  summary: >-
    No GPU of {{ $where }} can be read
  description: >-
    nvidia-smi on {{ $where }} has named no GPU for {for}: the driver is down, was updated without a reboot, or the
    collector has lost its devices. On the node: nvidia-smi, dmesg, gpu-sessions check; the log of the collector's pod has
    nvidia-smi's own sentence.
{{- end -}}

{{/* GPUs with MIG on, where the instances could not be read: for that the collector needs a right that is easily forgotten. */}}
{{- define "gpu-sessions.migUnseen" -}}
(gpu_info{mig_mode="Enabled"} and on (cluster, instance) gpu_session_collector_stage_success{stage="mig"} == 0)
{{- end -}}

{{/* The collector's samples, value 0, from nodes where nvidia-smi named no GPU at all. */}}
{{- define "gpu-sessions.nodeUnreadable" -}}
(gpu_session_collector_stage_success{stage="devices"} == 0 unless on (cluster, instance) gpu_device_readable)
{{- end -}}
