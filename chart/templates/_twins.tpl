{{/*
Refuses what another release of this chart makes impossible, as far as the cluster can be asked: the same file on the same
node, which both would write in turn; the same names in the same namespace, of which Helm says less. Takes the root context.
*/}}
{{- define "gpu-sessions.refuseTwins" -}}
{{- $root := . -}}
{{- $values := include "gpu-sessions.values" . | fromJson -}}
{{- $namespace := include "gpu-sessions.namespace" . -}}
{{- $account := include "gpu-sessions.serviceAccountName" . -}}
{{- $twins := list -}}
{{- range concat ((lookup "batch/v1" "CronJob" "" "").items | default list) ((lookup "apps/v1" "DaemonSet" "" "").items | default list) -}}
  {{- if include "gpu-sessions.isTwin" (dict "root" $root "object" .) -}}{{- $twins = append $twins . -}}{{- end -}}
{{- end -}}
{{- if $twins -}}
  {{- $plan := include "gpu-sessions.workloads" . | fromJson -}}
  {{- range $twins -}}
    {{- $pod := include "gpu-sessions.podOf" . | fromJson -}}
    {{- $release := printf "%s in namespace %s" (get .metadata.labels "app.kubernetes.io/instance") .metadata.namespace -}}
    {{- if and $values.serviceAccount.create (eq .metadata.namespace $namespace) (eq $pod.serviceAccountName $account) -}}
      {{- fail (printf "the release %s has objects of the same names. Give this one another fullnameOverride, or another namespace." $release) -}}
    {{- end -}}
    {{- $theirs := include "gpu-sessions.nodesOf" (dict "pod" $pod "cluster" $plan.cluster) | fromJson -}}
    {{- range $plan.workloads -}}
      {{- $directory := .values.textfile.directory -}}
      {{- range .nodes -}}
        {{- if and (has . $theirs.nodes) (eq $directory $theirs.directory) -}}
          {{- fail (printf "node %s: the release %s writes %s/gpu_sessions.prom there, and this one would too. Uninstall one of them, or give each its nodes: nodeSelector, affinity or collection.nodes." . $release $directory) -}}
        {{- end -}}
      {{- end -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
{{- end -}}

{{/* "yes" for a collector's workload that another release has made. Takes a dict: `root`, `object`. */}}
{{- define "gpu-sessions.isTwin" -}}
{{- $labels := .object.metadata.labels | default dict -}}
{{- $ours := or (eq (get $labels "app.kubernetes.io/part-of") "gpu-sessions") (eq (get $labels "app.kubernetes.io/name") "gpu-sessions") -}}
{{- $release := get (.object.metadata.annotations | default dict) "meta.helm.sh/release-namespace" | default .object.metadata.namespace -}}
{{- $same := and (eq (get $labels "app.kubernetes.io/instance") .root.Release.Name) (has .root.Release.Namespace (list $release .object.metadata.namespace)) -}}
{{- if and $ours (not $same) -}}yes{{- end -}}
{{- end -}}

{{/* The spec of the pods of a CronJob or DaemonSet, as JSON. */}}
{{- define "gpu-sessions.podOf" -}}
{{- $spec := .spec -}}
{{- if $spec.jobTemplate -}}{{- $spec = $spec.jobTemplate.spec -}}{{- end -}}
{{- $spec.template.spec | toJson -}}
{{- end -}}

{{/* Where such a pod may run and what it writes, as JSON `{nodes, directory}`. Takes a dict: `pod`, `cluster`. */}}
{{- define "gpu-sessions.nodesOf" -}}
{{- $directory := "" -}}
{{- range .pod.volumes -}}
  {{- if eq .name "textfile" -}}{{- $directory = .hostPath.path -}}{{- end -}}
{{- end -}}
{{- $where := dict "collection" (dict "nodes" list) "nodeSelector" (.pod.nodeSelector | default dict) "affinity" (.pod.affinity | default dict) -}}
{{- $nodes := (include "gpu-sessions.matchingNodes" (dict "values" $where "cluster" .cluster) | fromYaml).nodes -}}
{{- dict "nodes" $nodes "directory" $directory | toJson -}}
{{- end -}}
