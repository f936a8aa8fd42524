{{/*
The workloads, as YAML `workloads: [{name, values, nodes, groups}]`: one without pools, else one per pool. `nodes` are the
names of its nodes as far as they are known, `groups` those of them that take the same values, with these values. Beside it
`cluster`, the nodes of the cluster, which are asked for once. A node of two pools fails: both would write the same file
there.
*/}}
{{- define "gpu-sessions.workloads" -}}
{{- $values := include "gpu-sessions.values" . | fromJson -}}
{{- $fullname := include "gpu-sessions.fullname" $values -}}
{{- $cluster := (include "gpu-sessions.clusterNodes" $values | fromYaml).nodes -}}
{{- $class := include "gpu-sessions.nvidiaClass" $values | fromJson -}}
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
  {{- $workloads = append $workloads (dict "name" (printf "%s-%s" $fullname .name) "values" $pool "nodes" $nodes) -}}
{{- else -}}
  {{- $nodes := (include "gpu-sessions.matchingNodes" (dict "values" $values "cluster" $cluster) | fromYaml).nodes -}}
  {{- $workloads = append $workloads (dict "name" $fullname "values" $values "nodes" $nodes "only" true) -}}
{{- end -}}
{{- range $workloads -}}
  {{- include "gpu-sessions.setGroups" (dict "workload" . "cluster" $cluster "class" $class) -}}
{{- end -}}
{{- dict "workloads" $workloads "cluster" $cluster | toJson -}}
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
{{- $values := mergeOverwrite $common (omit $pool "name") -}}
{{- include "gpu-sessions.setResources" (dict "values" $values "given" .pool) -}}
{{- $values | toJson -}}
{{- end -}}

{{/*
Name of one node's CronJob: at most 52 characters, as the Job controller adds 11. Takes a dict: `workload`, `node`. That
of a workload's only node is the workload's own. Where the node's name had to be changed to fit, or a pool's name stands
before it, the start of a SHA-256 keeps two apart.
*/}}
{{- define "gpu-sessions.nodeName" -}}
{{- $name := .workload.name -}}
{{- $plain := printf "%s-%s" $name .node -}}
{{- if eq (len .workload.nodes) 1 -}}
{{- $name -}}
{{- else if and (le (len $plain) 52) (not (contains "." .node)) .workload.only -}}
{{- $plain -}}
{{- else -}}
{{- printf "%s-%s" ($plain | replace "." "-" | trunc 43 | trimSuffix "-") (printf "%s/%s" $name .node | sha256sum | trunc 8) -}}
{{- end -}}
{{- end -}}
