{{/* Labels of every object; takes the root context. */}}
{{- define "gpu-sessions.labels" -}}
{{- $values := include "gpu-sessions.values" . | fromYaml -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
{{ include "gpu-sessions.selectorLabels" . }}
{{- with $values.labels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* What tells the collector's pods from all others. */}}
{{- define "gpu-sessions.selectorLabels" -}}
app.kubernetes.io/name: gpu-sessions
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "gpu-sessions.serviceAccountName" -}}
{{- $values := include "gpu-sessions.values" . | fromYaml -}}
{{- if $values.serviceAccount.create -}}
{{- $values.serviceAccount.name | default "gpu-session-metrics-collector" -}}
{{- else -}}
{{- $values.serviceAccount.name | default "default" -}}
{{- end -}}
{{- end -}}

{{/*
Name of one node's CronJob: at most 52 characters, as the Job controller adds 11. Takes a dict with `name` and `node`.
Where the node's name had to be changed to fit, the start of its SHA-256 keeps two nodes apart.
*/}}
{{- define "gpu-sessions.nodeName" -}}
{{- $plain := printf "%s-%s" .name .node -}}
{{- if and (le (len $plain) 52) (not (contains "." .node)) -}}
{{- $plain -}}
{{- else -}}
{{- printf "%s-%s" ($plain | replace "." "-" | trunc 43 | trimSuffix "-") (sha256sum .node | trunc 8) -}}
{{- end -}}
{{- end -}}
