{{/* The devices themselves. These alerts accuse nobody; one of a GPU that was not read has no sample. */}}
{{- define "gpu-sessions.rules.devices" -}}
{{- $form := .prometheus.labels -}}
{{- $alerts := .prometheusRule.alerts -}}
{{- $fresh := include "gpu-sessions.fresh" . -}}
{{- $device := "cluster, instance, node, gpu, uuid" -}}
{{- $where := include "gpu-sessions.saysWhere" . -}}
- alert: GPUHighTemperature
  expr: |-
    max by ({{ $device }}) ({{ include "gpu-sessions.clear" (list $form "gpu_temperature_celsius" "node") }} {{ $fresh }})
    > {{ include "gpu-sessions.number" $alerts.GPUHighTemperature.above }}
  summary: >-
    GPU [[ $labels.gpu ]] of {{ $where }} is at [[ $value ]] °C
  description: >-
    GPU [[ $labels.gpu ]] ([[ $labels.uuid ]]) of {{ $where }} has been hotter than
    {{ include "gpu-sessions.number" $alerts.GPUHighTemperature.above }} °C for {{ $alerts.GPUHighTemperature.for }}; it slows down soon.
    Look at fans, airflow and the inlet temperature, and lower the power limit if it stays.
- alert: GPUMemoryAlmostFull
  # A GPU with MIG on is left to its instances: they do not share their memory.
  expr: |-
    (
      max by ({{ $device }}) (
        {{ include "gpu-sessions.clear" (list $form "(gpu_memory_used_bytes / gpu_memory_total_bytes)" "node") }} {{ $fresh }}
        unless on (cluster, instance, uuid) gpu_info{mig_mode="Enabled"}
      )
      or
      max by (cluster, instance, node, gpu_uuid, gpu_instance_id, profile) (
        {{ include "gpu-sessions.clear" (list $form "(gpu_mig_memory_used_bytes / gpu_mig_memory_total_bytes)" "node") }} {{ $fresh }}
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
    has been over {{ include "gpu-sessions.number" $alerts.GPUMemoryAlmostFull.above }} of its size for {{ $alerts.GPUMemoryAlmostFull.for }};
    the next allocation may fail. gpu_process_memory_bytes says who holds it.
- alert: GPUHighUtilization
  expr: |-
    max by ({{ $device }}) ({{ include "gpu-sessions.clear" (list $form "gpu_utilization" "node") }} {{ $fresh }})
    > {{ include "gpu-sessions.number" $alerts.GPUHighUtilization.above }}
  summary: >-
    GPU [[ $labels.gpu ]] of {{ $where }} is [[ $value ]] % busy
  description: >-
    GPU [[ $labels.gpu ]] ([[ $labels.uuid ]]) of {{ $where }} has been busier than
    {{ include "gpu-sessions.number" $alerts.GPUHighUtilization.above }} % for {{ $alerts.GPUHighUtilization.for }}. That is well if one job
    runs there; if several share it, gpu_process_utilization says which one takes it.
- alert: GPUMemoryHeldByNobody
  expr: |-
    max by ({{ $device }}) (
      {{ include "gpu-sessions.clear" (list $form "gpu_memory_unattributed_bytes" "node") }} {{ $fresh }}
      and on (cluster, instance, gpu) (gpu_device_readable == 1)
    )
    > {{ include "gpu-sessions.number" $alerts.GPUMemoryHeldByNobody.above }}
  summary: >-
    [[ $value | humanize1024 ]]B of GPU [[ $labels.gpu ]] of {{ $where }} are held by no process
  description: >-
    On GPU [[ $labels.gpu ]] ([[ $labels.uuid ]]) of {{ $where }} [[ $value | humanize1024 ]]B have been in use for
    {{ $alerts.GPUMemoryHeldByNobody.for }} that no listed process holds, as after a crash. Look for processes with
    /dev/nvidia* open (fuser -v /dev/nvidia*), end them, else drain the node and reset the GPU (nvidia-smi --gpu-reset).
- alert: GPUDeviceUnreadable
  expr: |-
    max by ({{ $device }}, pci_bus_id) ({{ include "gpu-sessions.clear" (list $form "gpu_device_readable" "node") }} {{ $fresh }}) == 0
  summary: >-
    GPU [[ $labels.gpu ]] of {{ $where }} cannot be read
  description: >-
    nvidia-smi on {{ $where }} names GPU [[ $labels.gpu ]] ([[ $labels.pci_bus_id ]]) and could not read it or the processes on
    it for {{ $alerts.GPUDeviceUnreadable.for }}. If dmesg shows an Xid or "fallen off the bus", drain the node and reset the
    GPU or reboot; if it is a MIG GPU, the collector may lack the right to see it.
{{- end -}}
