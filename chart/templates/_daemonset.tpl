{{/* The DaemonSet of a workload. Takes a dict: `root`, `context`, `workload`. */}}
{{- define "gpu-sessions.daemonSet" -}}
{{- $name := .workload.name -}}
{{- $values := (first .workload.groups).values -}}
{{- $interval := int $values.collection.interval | default 60 -}}
{{- $args := (include "gpu-sessions.arguments" (dict "values" $values "interval" $interval "for" 0) | fromYaml).args -}}
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: {{ $name }}
  namespace: {{ .context.namespace }}
  labels:
    {{- .context.labels | nindent 4 }}
  {{- with $values.workloadAnnotations }}
  annotations:
    {{- include "gpu-sessions.textMap" . | nindent 4 }}
  {{- end }}
spec:
  revisionHistoryLimit: {{ int $values.revisionHistoryLimit }}
  selector:
    matchLabels:
      {{- include "gpu-sessions.selectorLabels" .root | nindent 6 }}
      gpu-sessions/workload: {{ $name }}
  updateStrategy:
    {{- with $values.updateStrategy }}
    {{- toYaml . | nindent 4 }}
    {{- else }}
    type: RollingUpdate
    rollingUpdate:
      maxUnavailable: {{ $values.collection.maxUnavailable }}
    {{- end }}
  template:
    metadata:
      {{- include "gpu-sessions.podMetadata" (dict "labels" .context.labels "values" $values "workload" $name) | nindent 6 }}
    spec:
      {{- include "gpu-sessions.podSpec" (dict "root" .root "context" .context "values" $values "args" $args "restartPolicy" "Always" "nodes" $values.collection.nodes) | nindent 6 }}
{{- end -}}
