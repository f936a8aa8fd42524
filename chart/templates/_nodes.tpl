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
      - matchExpressions: [{key: eks.amazonaws.com/instance-gpu-manufacturer, operator: In, values: [nvidia]}]
      - matchExpressions: [{key: kubernetes.azure.com/accelerator, operator: In, values: [nvidia]}]
{{- end -}}
{{- end -}}

{{/* An affinity that binds pods to the nodes of a list, by their names and not by a label that may differ. */}}
{{- define "gpu-sessions.nodeBinding" -}}
nodeAffinity:
  requiredDuringSchedulingIgnoredDuringExecution:
    nodeSelectorTerms:
      {{- range . }}
      - matchFields: [{key: metadata.name, operator: In, values: [{{ . | quote }}]}]
      {{- end }}
{{- end -}}

{{/*
The nodes of the cluster, as JSON `nodes: [{name, labels, taints, runtime, handlers, system}]`: of the last, `runtime` is
the directory of the container runtime's state, `handlers` those that the runtime has, if it says so, `system` the
operating system. Empty without a cluster to ask (`helm template`, Argo CD) and where `lookup` is off. Takes the values.
*/}}
{{- define "gpu-sessions.clusterNodes" -}}
{{- $nodes := list -}}
{{- if .lookup -}}
  {{- range (lookup "v1" "Node" "" "").items -}}
    {{- $status := .status | default dict -}}
    {{- $handlers := list -}}
    {{- range $status.runtimeHandlers -}}{{- $handlers = append $handlers (.name | default "") -}}{{- end -}}
    {{- $nodes = append $nodes (dict
          "name" .metadata.name
          "labels" (.metadata.labels | default dict)
          "taints" ((.spec | default dict).taints | default list)
          "runtime" (include "gpu-sessions.runtimeDirectory" $status)
          "handlers" $handlers
          "system" (($status.nodeInfo | default dict).osImage | default "")) -}}
  {{- end -}}
{{- end -}}
{{- dict "nodes" $nodes | toJson -}}
{{- end -}}

{{/*
The names of a workload's nodes, as YAML `nodes: […]`: those named, else those that selector and required node affinity
take. Takes a dict: `values`, and `cluster`, what the template above gives.
*/}}
{{- define "gpu-sessions.matchingNodes" -}}
{{- $values := .values -}}
{{- $names := $values.collection.nodes -}}
{{- if not $names -}}
  {{- $affinity := include "gpu-sessions.affinity" $values | fromYaml -}}
  {{- $terms := dig "nodeAffinity" "requiredDuringSchedulingIgnoredDuringExecution" "nodeSelectorTerms" list $affinity -}}
  {{- range .cluster -}}
    {{- if and (include "gpu-sessions.hasLabels" (dict "labels" .labels "selector" $values.nodeSelector)) (include "gpu-sessions.anyTerm" (dict "node" . "terms" $terms)) -}}
      {{- $names = append $names .name -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
{{- dict "nodes" ($names | uniq | sortAlpha) | toYaml -}}
{{- end -}}

{{/* Up to ten names of nodes, for people. */}}
{{- define "gpu-sessions.someNodes" -}}
{{- if gt (len .) 10 -}}
{{- printf "%s and %d more" (slice . 0 10 | join ", ") (sub (len .) 10) -}}
{{- else -}}
{{- join ", " . -}}
{{- end -}}
{{- end -}}
