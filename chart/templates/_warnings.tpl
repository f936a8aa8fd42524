{{/*
What is missing, as far as the cluster can be asked, as YAML `warnings: [text]`. Takes a dict: `root`, `workloads` and
`cluster`. Without a cluster there are only those that the values alone give.
*/}}
{{- define "gpu-sessions.warnings" -}}
{{- $warnings := (include "gpu-sessions.migrationWarnings" (include "gpu-sessions.values" .root | fromJson) | fromYaml).warnings -}}
{{- $values := include "gpu-sessions.values" .root | fromJson -}}
{{- if and $values.dashboards.enabled (not $values.prometheusRule.enabled) -}}
  {{- $warnings = append $warnings "The dashboards draw what the rules record, and prometheusRule.enabled is false: most panels stay empty, unless Prometheus loads packaging/prometheus/gpu-sessions.rules.yml." -}}
{{- end -}}
{{- range .workloads -}}
  {{- $context := dict "workload" . "nodes" $.cluster -}}
  {{- $warnings = concat $warnings (include "gpu-sessions.imageWarnings" $context | fromYaml).warnings (include "gpu-sessions.nodeWarnings" $context | fromYaml).warnings -}}
{{- end -}}
{{- if .cluster -}}
  {{- $warnings = append $warnings (include "gpu-sessions.podSecurityWarning" .root) -}}
  {{- $warnings = concat $warnings (include "gpu-sessions.runtimeWarnings" .workloads | fromYaml).warnings (include "gpu-sessions.nodeExporterWarnings" .workloads | fromYaml).warnings -}}
{{- end -}}
{{- dict "warnings" ($warnings | compact | uniq) | toYaml -}}
{{- end -}}

{{- define "gpu-sessions.imageWarnings" -}}
{{- $repository := include "gpu-sessions.repository" .workload.values -}}
{{- $warnings := list -}}
{{- if not (contains "/" $repository) -}}
  {{- $warnings = append $warnings (printf "image.repository is %q: no registry serves it. Build the image with `make image`, push it, and set image.registry, unless every GPU node has it already." $repository) -}}
{{- end -}}
{{- dict "warnings" $warnings | toYaml -}}
{{- end -}}

{{/* Takes a dict: `workload`, and `nodes` of the cluster. */}}
{{- define "gpu-sessions.nodeWarnings" -}}
{{- $workload := .workload -}}
{{- $warnings := list -}}
{{- $known := list -}}
{{- range .nodes -}}
  {{- $known = append $known .name -}}
  {{- if has .name $workload.nodes -}}
    {{- range .taints -}}
      {{- $hinders := and (ne .effect "PreferNoSchedule") (not (hasPrefix "node.kubernetes.io/" .key)) -}}
      {{- if and $hinders (not (include "gpu-sessions.tolerates" (dict "tolerations" $workload.values.tolerations "taint" .))) -}}
        {{- $warnings = append $warnings (printf "%s: a node has the taint %s:%s, which `tolerations` does not tolerate: no pod starts there." $workload.name (list .key .value | compact | join "=") .effect) -}}
      {{- end -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
{{- if $known -}}
  {{- if not $workload.nodes -}}
    {{- $warnings = append $warnings (printf "%s: no node of the cluster has the labels asked for (`kubectl get nodes --show-labels`). Set nodeSelector, affinity or collection.nodes." $workload.name) -}}
  {{- end -}}
  {{- range $workload.values.collection.nodes -}}
    {{- if not (has . $known) -}}
      {{- $warnings = append $warnings (printf "%s: collection.nodes names %s, which the cluster does not have." $workload.name .) -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
{{- dict "warnings" $warnings | toYaml -}}
{{- end -}}

{{- define "gpu-sessions.podSecurityWarning" -}}
{{- $namespace := include "gpu-sessions.namespace" . -}}
{{- $labels := dig "metadata" "labels" dict (lookup "v1" "Namespace" "" $namespace) -}}
{{- $enforced := get $labels "pod-security.kubernetes.io/enforce" -}}
{{- $command := printf "kubectl label --overwrite namespace %s pod-security.kubernetes.io/enforce=privileged" $namespace -}}
{{- if not $enforced -}}
{{- printf "namespace %s has no label pod-security.kubernetes.io/enforce. Where the cluster's default is not privileged, pods with hostPID and hostPath are refused: %s" $namespace $command -}}
{{- else if ne $enforced "privileged" -}}
{{- printf "namespace %s enforces the Pod Security level %s, which refuses pods with hostPID and hostPath: %s" $namespace $enforced $command -}}
{{- end -}}
{{- end -}}

{{/* What the nodes' runtimes make of the values. Takes the workloads. */}}
{{- define "gpu-sessions.runtimeWarnings" -}}
{{- $warnings := list -}}
{{- $nvidia := lookup "node.k8s.io/v1" "RuntimeClass" "" "nvidia" -}}
{{- range $workload := . -}}
  {{- $class := .values.runtimeClassName -}}
  {{- if and $nvidia (not $class) (not .values.driver.hostPath) -}}
    {{- $warnings = append $warnings (printf "%s: the cluster has a RuntimeClass `nvidia`, and runtimeClassName is empty. Unless the NVIDIA runtime is the nodes' default, the pods see no GPU." .name) -}}
  {{- else if and $class (ne $class "auto") (not (lookup "node.k8s.io/v1" "RuntimeClass" "" $class)) -}}
    {{- $warnings = append $warnings (printf "%s: the cluster has no RuntimeClass %s, so its pods are refused." .name $class) -}}
  {{- end -}}
  {{- range $kind, $nodes := .differ -}}
    {{- $kind = $kind | fromJson -}}
    {{- $warnings = append $warnings (printf "%s: its nodes differ, and one DaemonSet is the same on all. On %s it should have hostPaths.runtime=%s and runtimeClassName=%s. Make a pool of them (`pools`), or set collection.mode=cronjob." $workload.name (include "gpu-sessions.someNodes" $nodes) ($kind.runtime | quote) ($kind.runtimeClassName | quote)) -}}
  {{- end -}}
{{- end -}}
{{- dict "warnings" $warnings | toYaml -}}
{{- end -}}
