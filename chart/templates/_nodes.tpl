{{/* The affinity in force: the given one; without it and without a selector, any usual label of a GPU node. */}}
{{- define "gpu-sessions.affinity" -}}
{{- if .affinity -}}
{{- toYaml .affinity -}}
{{- else if not .nodeSelector -}}
nodeAffinity:
  requiredDuringSchedulingIgnoredDuringExecution:
    nodeSelectorTerms:
      - matchExpressions: [{key: accelerator, operator: In, values: [nvidia]}]
      - matchExpressions: [{key: gpu, operator: In, values: [nvidia]}]
      - matchExpressions: [{key: nvidia.com/gpu.present, operator: In, values: ["true"]}]
      - matchExpressions: [{key: feature.node.kubernetes.io/pci-10de.present, operator: In, values: ["true"]}]
      - matchExpressions: [{key: cloud.google.com/gke-accelerator, operator: Exists}]
      - matchExpressions: [{key: k8s.amazonaws.com/accelerator, operator: Exists}]
      - matchExpressions: [{key: karpenter.k8s.aws/instance-gpu-manufacturer, operator: In, values: [nvidia]}]
      - matchExpressions: [{key: kubernetes.azure.com/accelerator, operator: In, values: [nvidia]}]
{{- end -}}
{{- end -}}

{{/* An affinity that binds a pod to one node, by its name and not by a label that may differ. */}}
{{- define "gpu-sessions.nodeBinding" -}}
nodeAffinity:
  requiredDuringSchedulingIgnoredDuringExecution:
    nodeSelectorTerms:
      - matchFields: [{key: metadata.name, operator: In, values: [{{ . | quote }}]}]
{{- end -}}

{{/*
The names of the nodes that get a CronJob of their own, as YAML `nodes: […]`: those named, else those of the cluster that
selector and required node affinity take. Empty without a cluster to ask: `helm template`, GitOps. Takes the values.
*/}}
{{- define "gpu-sessions.nodes" -}}
{{- $values := . -}}
{{- $names := list -}}
{{- if $values.collection.nodes -}}
  {{- $names = $values.collection.nodes -}}
{{- else -}}
  {{- $affinity := include "gpu-sessions.affinity" $values | fromYaml -}}
  {{- $terms := dig "nodeAffinity" "requiredDuringSchedulingIgnoredDuringExecution" "nodeSelectorTerms" list $affinity -}}
  {{- range (lookup "v1" "Node" "" "").items -}}
    {{- $node := dict "labels" (.metadata.labels | default dict) "name" .metadata.name -}}
    {{- if and (include "gpu-sessions.hasLabels" (dict "labels" $node.labels "selector" $values.nodeSelector)) (include "gpu-sessions.anyTerm" (dict "node" $node "terms" $terms)) -}}
      {{- $names = append $names .metadata.name -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
{{- dict "nodes" ($names | uniq | sortAlpha) | toYaml -}}
{{- end -}}

{{/* "yes" if the node has every label of a nodeSelector. */}}
{{- define "gpu-sessions.hasLabels" -}}
{{- $missing := false -}}
{{- range $key, $value := .selector -}}
  {{- if ne (get $.labels $key) (toString $value) -}}{{- $missing = true -}}{{- end -}}
{{- end -}}
{{- if not $missing -}}yes{{- end -}}
{{- end -}}

{{/* "yes" if one of the node selector terms takes the node, or there is none. */}}
{{- define "gpu-sessions.anyTerm" -}}
{{- $taken := empty .terms -}}
{{- range .terms -}}
  {{- $all := or .matchExpressions .matchFields -}}
  {{- range .matchExpressions -}}
    {{- if not (include "gpu-sessions.matches" (dict "labels" $.node.labels "expression" .)) -}}{{- $all = false -}}{{- end -}}
  {{- end -}}
  {{- range .matchFields -}}
    {{- if not (include "gpu-sessions.matches" (dict "labels" (dict "metadata.name" $.node.name) "expression" .)) -}}{{- $all = false -}}{{- end -}}
  {{- end -}}
  {{- if $all -}}{{- $taken = true -}}{{- end -}}
{{- end -}}
{{- if $taken -}}yes{{- end -}}
{{- end -}}

{{/* "yes" if the labels satisfy one expression of a node selector, as the scheduler reads it. */}}
{{- define "gpu-sessions.matches" -}}
{{- $there := hasKey .labels .expression.key -}}
{{- $value := get .labels .expression.key -}}
{{- $operator := .expression.operator -}}
{{- $values := .expression.values | default list -}}
{{- if or (and (eq $operator "Exists") $there)
          (and (eq $operator "DoesNotExist") (not $there))
          (and (eq $operator "In") $there (has $value $values))
          (and (eq $operator "NotIn") (not (and $there (has $value $values))))
          (and (eq $operator "Gt") $there (gt (int64 $value) (int64 (first $values | default 0))))
          (and (eq $operator "Lt") $there (lt (int64 $value) (int64 (first $values | default 0)))) -}}
yes
{{- end -}}
{{- end -}}
