{{/*
The values in force, as YAML: the chart's defaults, over them the values given, over them those below the chart's own
name. The defaults come from a file, not from .Values: `helm upgrade --reuse-values` from an older release does not
bring the keys that are new.
*/}}
{{- define "gpu-sessions.values" -}}
{{- $given := include "gpu-sessions.withoutNull" .Values | fromYaml -}}
{{- $nested := index $given "gpu-session-monitoring" | default dict -}}
{{- $values := mergeOverwrite (.Files.Get "files/defaults.yaml" | fromYaml) (omit $given "gpu-session-monitoring") $nested -}}
{{- $values | toYaml -}}
{{- end -}}

{{/* A map without the keys that are null, at any depth: null means the default. */}}
{{- define "gpu-sessions.withoutNull" -}}
{{- $result := dict -}}
{{- range $key, $value := . -}}
  {{- if kindIs "map" $value -}}
    {{- $_ := set $result $key (include "gpu-sessions.withoutNull" $value | fromYaml) -}}
  {{- else if not (kindIs "invalid" $value) -}}
    {{- $_ := set $result $key $value -}}
  {{- end -}}
{{- end -}}
{{- $result | toYaml -}}
{{- end -}}

{{/* A value as text: numbers as they were written, not in powers of ten. */}}
{{- define "gpu-sessions.text" -}}
{{- if kindIs "string" . -}}{{- . -}}{{- else -}}{{- toJson . -}}{{- end -}}
{{- end -}}

{{/* A map whose values Kubernetes wants as text: labels, annotations, selectors. */}}
{{- define "gpu-sessions.textMap" -}}
{{- $result := dict -}}
{{- range $key, $value := . -}}
  {{- $_ := set $result $key (include "gpu-sessions.text" $value) -}}
{{- end -}}
{{- $result | toYaml -}}
{{- end -}}
