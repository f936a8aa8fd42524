{{/*
Where a node's container runtime keeps its state, by what the node says of itself; empty for a runtime that is not known
here. Takes the node's status.
*/}}
{{- define "gpu-sessions.runtimeDirectory" -}}
{{- $info := .nodeInfo | default dict -}}
{{- $runtime := $info.containerRuntimeVersion | default "containerd://" -}}
{{- if hasPrefix "docker://" $runtime -}}
/var/lib/docker/containers
{{- else if hasPrefix "cri-o://" $runtime -}}
/var/lib/containers/storage/overlay-containers
{{- else if and (hasPrefix "containerd://" $runtime) (regexMatch "\\+(k3s|rke2)" ($info.kubeletVersion | default "")) -}}
/run/k3s/containerd/io.containerd.runtime.v2.task
{{- else if hasPrefix "containerd://" $runtime -}}
{{- include "gpu-sessions.containerdDirectory" . -}}
{{- end -}}
{{- end -}}

{{- define "gpu-sessions.containerdDirectory" -}}
/run/containerd/io.containerd.runtime.v2.task
{{- end -}}

{{/*
The RuntimeClass that injects the driver, as JSON `{name, handler}`: `nvidia`, else the first with that handler. Empty
without one, or without a cluster to ask. Takes the values.
*/}}
{{- define "gpu-sessions.nvidiaClass" -}}
{{- $found := dict -}}
{{- if .lookup -}}
  {{- range (lookup "node.k8s.io/v1" "RuntimeClass" "" "").items -}}
    {{- if or (eq .metadata.name "nvidia") (and (eq .handler "nvidia") (not $found)) -}}
      {{- $found = dict "name" .metadata.name "handler" .handler -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
{{- $found | toJson -}}
{{- end -}}

{{/*
What `auto` comes to on one node, as JSON `{runtime, runtimeClassName}`. Takes a dict: `values`, `class`, `node`, empty if
it is not known. A node since Kubernetes 1.30 names the handlers that it has, if its runtime does.
*/}}
{{- define "gpu-sessions.kind" -}}
{{- $runtime := .values.hostPaths.runtime -}}
{{- if eq $runtime "auto" -}}
  {{- $runtime = ternary .node.runtime (include "gpu-sessions.containerdDirectory" .) (hasKey .node "runtime") -}}
{{- end -}}
{{- $class := .values.runtimeClassName -}}
{{- if eq $class "auto" -}}
  {{- $handlers := .node.handlers | default list -}}
  {{- $has := or (not $handlers) (has .class.handler $handlers) -}}
  {{- $class = ternary .class.name "" (and $has (hasKey .class "name") (empty .values.driver.hostPath)) -}}
{{- end -}}
{{- dict "runtime" $runtime "runtimeClassName" $class | toJson -}}
{{- end -}}

{{/*
Gives a workload its `groups`, a list of `{values, nodes}`: a CronJob has what is right for its node. A DaemonSet is one
object for all its nodes: where these differ it takes no directory of the runtime, for a pod does not start on a node that
lacks it, and the RuntimeClass. `differ` is then what they differ in, for the warnings. Takes a dict: `workload`,
`cluster`, `class`. Prints nothing.
*/}}
{{- define "gpu-sessions.setGroups" -}}
{{- $values := .workload.values -}}
{{- $known := dict -}}
{{- range .cluster -}}{{- $_ := set $known .name . -}}{{- end -}}
{{- $kinds := dict -}}
{{- range .workload.nodes -}}
  {{- $kind := include "gpu-sessions.kind" (dict "values" $values "class" $.class "node" (get $known . | default dict)) -}}
  {{- $_ := set $kinds $kind (append (get $kinds $kind | default list) .) -}}
{{- else -}}
  {{- $_ := set $kinds (include "gpu-sessions.kind" (dict "values" $values "class" $.class "node" dict)) list -}}
{{- end -}}
{{- if and (gt (len $kinds) 1) (eq $values.collection.mode "daemonset") -}}
  {{- $_ := set .workload "differ" $kinds -}}
  {{- $kinds = dict (include "gpu-sessions.commonKind" $kinds) .workload.nodes -}}
{{- end -}}
{{- $groups := list -}}
{{- range $kind, $nodes := $kinds -}}
  {{- $own := deepCopy $values -}}
  {{- $_ := set $own.hostPaths "runtime" ($kind | fromJson).runtime -}}
  {{- $_ := set $own "runtimeClassName" ($kind | fromJson).runtimeClassName -}}
  {{- $groups = append $groups (dict "values" $own "nodes" $nodes) -}}
{{- end -}}
{{- $_ := set .workload "groups" $groups -}}
{{- end -}}

{{/* One kind for several, as JSON. Takes a dict whose keys are kinds. */}}
{{- define "gpu-sessions.commonKind" -}}
{{- $directories := list -}}
{{- $class := "" -}}
{{- range $kind, $_ := . -}}
  {{- $directories = append $directories ($kind | fromJson).runtime -}}
  {{- $class = ($kind | fromJson).runtimeClassName | default $class -}}
{{- end -}}
{{- dict "runtime" (ternary (first $directories) "" (eq (len (uniq $directories)) 1)) "runtimeClassName" $class | toJson -}}
{{- end -}}
