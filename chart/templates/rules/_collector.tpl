{{/* The collector itself: these speak where the others are silent. */}}
{{- define "gpu-sessions.rules.collector" -}}
{{- $fresh := include "gpu-sessions.fresh" . -}}
{{- $clockless := "(time() - gpu_session_collector_last_run_timestamp_seconds unless on (cluster, instance) node_time_seconds)" -}}
{{- $where := include "gpu-sessions.saysWhere" . -}}
- alert: GPUCollectorFailing
  # One per stage that failed; where something was lost without a failed stage, one without. Not where another alert
  # says it better: of a GPU that cannot be read, of a node that has none, of instances that may not be seen.
  expr: |-
    max by (cluster, instance, node, stage) (
      {{ include "gpu-sessions.node" (printf "(%s\n      )" (include "gpu-sessions.failed" . | nindent 8)) }}
      {{ $fresh }}
    )
  summary: >-
    The GPU session collector of {{ $where }} does not read everything[[ with $labels.stage ]]: stage [[ . ]] fails[[ end ]]
  description: >-
    [[ with $labels.stage ]]Stage [[ . ]] of the collector on {{ $where }} has[[ else ]]A part of what is on the GPUs of {{ $where }} has[[ end ]]
    not been read for {for}, and alerts that rest on it are silent there.[[ if eq $labels.stage `mig` ]] Where MIG is on it may lack the right to see the instances: the chart's preset `mig` gives it.[[ end ]]
    The pod's log says why, as does gpu_session_collector_problems > 0; on the node `gpu-sessions check` examines the
    installation.
- alert: GPUCollectorStale
  # Without node_time_seconds of the same cluster and instance no age is known, and every other rule is silent. A node
  # that is not ready has alerts of its own.
  expr: |-
    max by (cluster, instance, node) (
      instance:gpu_collector_age:seconds > {{ int .prometheus.staleAfterSeconds }}
      or
      {{ include "gpu-sessions.node" $clockless }}
    )
    {{ include "gpu-sessions.nodeReady" . | nindent 4 | trim }}
  summary: >-
    The GPU sessions of {{ $where }} were last collected [[ $value | humanizeDuration ]] ago
  description: >-
    The file that node_exporter serves on {{ $where }} was written [[ $value | humanizeDuration ]] ago or has no
    node_time_seconds beside it, so it counts for nothing. Look at the pods of gpu-session-metrics-collector on that node: are
    they scheduled, do they end in time, is the disk full? Without the collector, remove the file.
- alert: GPULabelFormUnknown
  # Whatever has a pod's UID has a name of the pod too.
  expr: |-
    count by (cluster, instance, node) (gpu:session:info{pod_uid!="",pod=""} or gpu:held:replicas{pod_uid!="",pod=""})
  summary: >-
    The names of pods are lost between {{ $where }} and Prometheus
  description: >-
    Samples of {{ $where }} have the UID of a pod and not its name: Prometheus drops or renames `pod`, or `exported_pod`, when
    it scrapes node_exporter. Look at metric_relabel_configs (metricRelabelings); alerts name nobody until then.
{{- end -}}

{{/* Stages that failed, and losses without a failed stage, value 0. */}}
{{- define "gpu-sessions.failed" -}}
gpu_session_collector_stage_success{stage!~"devices|processes"} == 0
or
(
  gpu_session_collector_stage_success{stage=~"devices|processes"} == 0
  unless on (cluster, instance) gpu_device_readable == 0
  unless on (cluster, instance) {{ include "gpu-sessions.nodeUnreadable" . }}
)
or
(gpu_session_collector_success == 0 unless on (cluster, instance) gpu_session_collector_stage_success == 0)
{{- end -}}

{{/* Leaves out the nodes that Kubernetes calls not ready; keeps those of which it says nothing. */}}
{{- define "gpu-sessions.nodeReady" -}}
unless on (cluster, node)
max by (cluster, node) ({{ include "gpu-sessions.node" `kube_node_status_condition{condition="Ready",status="true"}` }}) == 0
{{- end -}}
