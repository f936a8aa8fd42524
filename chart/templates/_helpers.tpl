{{/* Labels of every object; takes the root context. The chart's own win over `labels`. */}}
{{- define "gpu-sessions.labels" -}}
{{- $values := include "gpu-sessions.values" . | fromJson -}}
{{- $own := dict
      "helm.sh/chart" (printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-")
      "app.kubernetes.io/managed-by" .Release.Service
      "app.kubernetes.io/version" (.Chart.AppVersion | replace "+" "_") -}}
{{- merge $own (include "gpu-sessions.selectorLabels" . | fromYaml) (include "gpu-sessions.textMap" $values.labels | fromYaml) | toYaml -}}
{{- end -}}

{{/* What tells the collector's pods from all others. */}}
{{- define "gpu-sessions.selectorLabels" -}}
app.kubernetes.io/name: gpu-sessions
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end -}}

{{- define "gpu-sessions.serviceAccountName" -}}
{{- $values := include "gpu-sessions.values" . | fromJson -}}
{{- $values.serviceAccount.name | default (ternary "gpu-session-metrics-collector" "default" $values.serviceAccount.create) -}}
{{- end -}}

{{/* Name of the PriorityClass of the pods, empty for the cluster's default. Takes the values. */}}
{{- define "gpu-sessions.priorityClassName" -}}
{{- .priorityClass.name | default (ternary "gpu-session-metrics-collector" "" .priorityClass.create) -}}
{{- end -}}
