{{/* Labels of every object; takes the root context. The chart's own win over `labels`. */}}
{{- define "gpu-sessions.labels" -}}
{{- $values := include "gpu-sessions.values" . | fromJson -}}
{{- $own := dict
      "helm.sh/chart" (printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-")
      "app.kubernetes.io/managed-by" .Release.Service
      "app.kubernetes.io/part-of" "gpu-sessions"
      "app.kubernetes.io/version" (.Chart.AppVersion | replace "+" "_") -}}
{{- merge $own (include "gpu-sessions.selectorLabels" . | fromYaml) (include "gpu-sessions.textMap" $values.labels | fromYaml) | toYaml -}}
{{- end -}}

{{/* The same with the part of the application that an object belongs to. Takes a dict: `root`, `component`. */}}
{{- define "gpu-sessions.componentLabels" -}}
{{- merge (dict "app.kubernetes.io/component" .component) (include "gpu-sessions.labels" .root | fromYaml) | toYaml -}}
{{- end -}}

{{/* What tells the collector's pods from all others. */}}
{{- define "gpu-sessions.selectorLabels" -}}
{{- $values := include "gpu-sessions.values" . | fromJson -}}
app.kubernetes.io/name: {{ $values.nameOverride | default "gpu-sessions" | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end -}}

{{/* The name of all objects, to which that of a pool or node is added. Takes the values. */}}
{{- define "gpu-sessions.fullname" -}}
{{- .fullnameOverride | default .nameOverride | default "gpu-session-metrics-collector" -}}
{{- end -}}

{{/* The same where no node or pool has a part in it: rules and dashboards. Takes the values. */}}
{{- define "gpu-sessions.shortName" -}}
{{- .fullnameOverride | default .nameOverride | default "gpu-sessions" -}}
{{- end -}}

{{- define "gpu-sessions.namespace" -}}
{{- (include "gpu-sessions.values" . | fromJson).namespaceOverride | default .Release.Namespace -}}
{{- end -}}

{{/* Name of an object that no namespace has: two releases must not share it. */}}
{{- define "gpu-sessions.clusterName" -}}
{{- printf "%s-%s" (include "gpu-sessions.values" . | fromJson | include "gpu-sessions.fullname") (include "gpu-sessions.namespace" .) -}}
{{- end -}}

{{- define "gpu-sessions.serviceAccountName" -}}
{{- $values := include "gpu-sessions.values" . | fromJson -}}
{{- $values.serviceAccount.name | default (ternary (include "gpu-sessions.fullname" $values) "default" $values.serviceAccount.create) -}}
{{- end -}}

{{/* Name of the PriorityClass of the pods, empty for the cluster's default. Takes a dict: `root`, `values`. */}}
{{- define "gpu-sessions.priorityClassName" -}}
{{- with .values.priorityClass -}}
{{- .name | default (ternary (include "gpu-sessions.clusterName" $.root) "" .create) -}}
{{- end -}}
{{- end -}}

{{/* What every object of a workload needs, made once: reading the values takes most of the time. Takes the root context. */}}
{{- define "gpu-sessions.context" -}}
{{- dict
      "labels" (include "gpu-sessions.componentLabels" (dict "root" . "component" "collector"))
      "account" (include "gpu-sessions.serviceAccountName" .)
      "namespace" (include "gpu-sessions.namespace" .) | toJson -}}
{{- end -}}
