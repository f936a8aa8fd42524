{{/*
The workloads, as YAML `workloads: [{name, values, nodes}]`: one without pools, else one per pool. `nodes` are the names
of its nodes as far as they are known. Beside it `cluster`, the nodes of the cluster, which are asked for once. A node of
two pools fails: both would write the same file there.
*/}}
{{- define "gpu-sessions.workloads" -}}
{{- $values := include "gpu-sessions.values" . | fromJson -}}
{{- $cluster := (include "gpu-sessions.clusterNodes" $values | fromYaml).nodes -}}
{{- $workloads := list -}}
{{- $owners := dict -}}
{{- $names := list -}}
{{- range $values.pools -}}
  {{- if has .name $names -}}{{- fail (printf "pools: two entries are named %q" .name) -}}{{- end -}}
  {{- $names = append $names .name -}}
  {{- $pool := include "gpu-sessions.poolValues" (dict "common" $values "pool" .) | fromYaml -}}
  {{- $nodes := (include "gpu-sessions.matchingNodes" (dict "values" $pool "cluster" $cluster) | fromYaml).nodes -}}
  {{- $name := .name -}}
  {{- range $nodes -}}
    {{- if hasKey $owners . -}}
      {{- fail (printf "node %s is in the pools %s and %s: both would write the same file on it. Tell them apart by nodeSelector, affinity or collection.nodes." . (get $owners .) $name) -}}
    {{- end -}}
    {{- $_ := set $owners . $name -}}
  {{- end -}}
  {{- $workloads = append $workloads (dict "name" (printf "gpu-session-metrics-collector-%s" .name) "values" $pool "nodes" $nodes) -}}
{{- else -}}
  {{- $nodes := (include "gpu-sessions.matchingNodes" (dict "values" $values "cluster" $cluster) | fromYaml).nodes -}}
  {{- $workloads = append $workloads (dict "name" "gpu-session-metrics-collector" "values" $values "nodes" $nodes) -}}
{{- end -}}
{{- dict "workloads" $workloads "cluster" $cluster | toYaml -}}
{{- end -}}

{{/* A pool's values over the common ones. With a selector or an affinity of its own it gets neither of the common. */}}
{{- define "gpu-sessions.poolValues" -}}
{{- $pool := deepCopy .pool -}}
{{- include "gpu-sessions.dropNull" $pool -}}
{{- $common := omit (deepCopy .common) "pools" -}}
{{- if or $pool.nodeSelector $pool.affinity -}}
  {{- $_ := set $common "nodeSelector" dict -}}
  {{- $_ := set $common "affinity" dict -}}
{{- end -}}
{{- mergeOverwrite $common (omit $pool "name") | toYaml -}}
{{- end -}}

{{/*
Name of one node's CronJob: at most 52 characters, as the Job controller adds 11. Takes a dict with `name` and `node`.
Where the node's name had to be changed to fit, or a pool's name stands before it, the start of a SHA-256 keeps two apart.
*/}}
{{- define "gpu-sessions.nodeName" -}}
{{- $plain := printf "%s-%s" .name .node -}}
{{- if and (le (len $plain) 52) (not (contains "." .node)) (eq .name "gpu-session-metrics-collector") -}}
{{- $plain -}}
{{- else -}}
{{- printf "%s-%s" ($plain | replace "." "-" | trunc 43 | trimSuffix "-") (printf "%s/%s" .name .node | sha256sum | trunc 8) -}}
{{- end -}}
{{- end -}}
