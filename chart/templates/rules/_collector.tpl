{{/* The collector itself: these speak where the others are silent. */}}
{{- define "gpu-sessions.rules.collector" -}}
{{- $form := .prometheus.labels -}}
{{- $alerts := .prometheusRule.alerts -}}
{{- $fresh := include "gpu-sessions.fresh" . -}}
{{- $failed := "(gpu_session_collector_stage_success == 0 or on (cluster, instance) gpu_session_collector_success == 0)" -}}
{{- $old := printf "(%s > %d)" (include "gpu-sessions.age" .) (int .prometheus.staleAfterSeconds) -}}
{{- $clockless := "(time() - gpu_session_collector_last_run_timestamp_seconds unless on (cluster, instance) node_time_seconds)" -}}
{{- $where := include "gpu-sessions.saysWhere" . -}}
- alert: GPUCollectorFailing
  # One per stage that failed; where something was lost without a failed stage, one without.
  expr: |-
    max by (cluster, instance, node, stage) (
      {{ include "gpu-sessions.clear" (list $form $failed "node") }}
      {{ $fresh }}
    )
  summary: >-
    The GPU session collector of {{ $where }} does not read everything[[ with $labels.stage ]]: stage [[ . ]] fails[[ end ]]
  description: >-
    [[ with $labels.stage ]]Stage [[ . ]] of the collector on {{ $where }} has[[ else ]]A part of what is on the GPUs of {{ $where }} has[[ end ]]
    not been read for {{ $alerts.GPUCollectorFailing.for }}, and alerts that rest on it are silent there. The pod's log says why, as does
    gpu_session_collector_problems > 0; on the node `gpu-sessions check` examines the installation.
- alert: GPUCollectorStale
  # Without node_time_seconds of the same cluster and instance no age is known, and every other rule is silent.
  expr: |-
    max by (cluster, instance, node) (
      {{ include "gpu-sessions.clear" (list $form $old "node") }}
      or
      {{ include "gpu-sessions.clear" (list $form $clockless "node") }}
    )
  summary: >-
    The GPU sessions of {{ $where }} were last collected [[ $value | humanizeDuration ]] ago
  description: >-
    The file that node_exporter serves on {{ $where }} was written [[ $value | humanizeDuration ]] ago or has no
    node_time_seconds beside it, so it counts for nothing. Look at the pods of gpu-session-metrics-collector on that node: are
    they scheduled, do they end in time, is the disk full? Without the collector, remove the file.
- alert: GPUCollectorMissing
  # `node` is the label that the collector sets itself, whatever name it arrived under. kube-state-metrics writes
  # nvidia.com/mig-1g.10gb as nvidia_com_mig_1g_10gb, and nvidia.com/gpu.shared likewise.
  expr: |-
    max by (cluster, node) (kube_node_status_capacity{resource=~"nvidia_com_(gpu|mig_).*"}) > 0
    unless on (cluster, node)
    {{ include "gpu-sessions.clear" (list $form "gpu_session_collector_last_run_timestamp_seconds" "node") }}
  summary: >-
    Nothing collects the GPU sessions of [[ $labels.node ]]
  description: >-
    Node [[ $labels.node ]] has GPUs by kube-state-metrics, and no file of the collector has been served from there for
    {{ $alerts.GPUCollectorMissing.for }}. Is there a pod of gpu-session-metrics-collector on it (one CronJob serves one node: set
    collection.nodes or collection.mode=daemonset), and does its node_exporter run and read the textfile directory?
{{- end -}}
