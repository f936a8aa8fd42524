{{/*
What kube-state-metrics says beside our series; silent without it. It writes nvidia.com/mig-1g.10gb as
nvidia_com_mig_1g_10gb, and nvidia.com/gpu.shared likewise.
*/}}
{{- define "gpu-sessions.rules.kubernetes" -}}
{{- $gpus := `{resource=~"nvidia_com_(gpu|mig_).*"}` -}}
{{- $pod := "cluster, namespace, pod, exported_namespace, exported_pod" -}}
- alert: GPUCollectorMissing
  # `node` is the label that the collector sets itself, whatever name it arrived under.
  expr: |-
    max by (cluster, node) ({{ include "gpu-sessions.node" (print "kube_node_status_capacity" $gpus) }}) > 0
    unless on (cluster, node)
    {{ include "gpu-sessions.node" "gpu_session_collector_last_run_timestamp_seconds" }}
    {{ include "gpu-sessions.nodeReady" . | nindent 4 | trim }}
  summary: >-
    Nothing collects the GPU sessions of [[ $labels.node ]]
  description: >-
    Node [[ $labels.node ]] has GPUs by kube-state-metrics, and no file of the collector has been served from there for
    {for}. Is there a pod of gpu-session-metrics-collector on it (one CronJob serves one node: set
    collection.nodes or collection.mode=daemonset), and does its node_exporter run and read the textfile directory?
- alert: GPUNotAllocatable
  # Not where an alert about the GPUs of that node says why.
  expr: |-
    max by (cluster, node, resource) ({{ include "gpu-sessions.node" (print "kube_node_status_capacity" $gpus) }})
    - on (cluster, node, resource)
    max by (cluster, node, resource) ({{ include "gpu-sessions.node" (print "kube_node_status_allocatable" $gpus) }})
    > 0
    unless on (cluster, node) (
      {{ include "gpu-sessions.node" "gpu_device_readable" }} == 0
      or
      {{ include "gpu-sessions.node" `gpu_recovery_action{action!="None"}` }}
      or
      {{ include "gpu-sessions.node" (include "gpu-sessions.nodeUnreadable" .) }}
      or
      instance:gpus_missing:count
    )
    {{ include "gpu-sessions.nodeReady" . | nindent 4 | trim }}
  summary: >-
    [[ $value ]] [[ $labels.resource ]] of [[ $labels.node ]] cannot be allocated
  description: >-
    Node [[ $labels.node ]] has [[ $value ]] [[ $labels.resource ]] more than Kubernetes may hand out: for {for} its device plugin
    has held them for unhealthy, and pods wait that they could run. Its log names the device and the Xid.
- alert: GPUPodsPendingWhileIdle
  expr: |-
    count by (cluster) (
      max by ({{ $pod }}) (kube_pod_container_resource_requests{{ $gpus }} > 0)
      and on ({{ $pod }}) kube_pod_status_unschedulable == 1
    )
    and on (cluster) sum by (cluster) (namespace:gpu_idle:fraction{{ include "gpu-sessions.notExcluded" (list . "GPUPodsPendingWhileIdle") }}) > 0
  summary: >-
    [[ $value ]] pod(s) wait for a GPU while others hold idle ones
  description: >-
    For {for} [[ $value ]] pod(s)[[ with $labels.cluster ]] of cluster [[ . ]][[ end ]] that request a GPU could not be scheduled, while
    there were GPUs that their holders do not use. sort_desc(namespace:gpu_idle:fraction) says whose.
{{- end -}}
