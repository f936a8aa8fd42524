{{/*
What the other rules rest on, each from files that are young enough: how old a file is, who runs, who holds what, and how
many GPUs a node has. Reduced to one series, however many jobs scrape a node, and under the collector's own labels,
whatever form they arrive in. Nothing that takes an accusation back is read from here but from the scraped series: a rule
that fails must not accuse.
*/}}
{{- define "gpu-sessions.rules.base" -}}
{{- $fresh := include "gpu-sessions.fresh" . -}}
{{- $last := "gpu_session_collector_last_run_timestamp_seconds" -}}
- record: instance:gpu_collector_age:seconds
  # How old what a node serves is. By the node's clock for both times; nothing without node_time_seconds.
  expr: |-
    max by (cluster, instance) (node_time_seconds)
    - on (cluster, instance) group_right ()
    max by (cluster, instance, node) ({{ include "gpu-sessions.node" $last }})
- record: gpu:session:info
  # A process on a device, value 1, and whose it is. gpu_memory is left out: each change of it would begin a new series.
  expr: |-
    {{ include "gpu-sessions.owned" (list `gpu_process_info{status="active"}` "gpu, uuid, pid, command, pod_uid, user, unit, slurm_job_id") | nindent 4 | trim }}
    {{ $fresh }}
- record: gpu:held:replicas
  # A device that the kubelet has handed to a pod, and how many of its replicas. Only of nodes where all that tells it
  # was read: of a shared device, those who are known to hold it would be charged for those who are not.
  expr: |-
    sum by (cluster, instance, node, gpu, uuid, namespace, pod, pod_uid) (
      {{ include "gpu-sessions.owned" (list "gpu_allocation_info" "gpu, uuid, pod_uid") | nindent 6 | trim }}
    )
    {{ include "gpu-sessions.stage" "allocations" }}
    {{ $fresh }}
- record: instance:gpus:count
  # The GPUs that nvidia-smi names, those that it cannot read included.
  expr: |-
    count by (cluster, instance, node) (
      max by (cluster, instance, node, gpu, uuid, pci_bus_id) ({{ include "gpu-sessions.node" "gpu_device_readable" }})
    )
    {{ $fresh }}
- record: instance:gpus_missing:count
  # How many fewer these are than at some time in three days.
  expr: |-
    max_over_time(instance:gpus:count[3d:30m]) - instance:gpus:count > 0
{{- end -}}
