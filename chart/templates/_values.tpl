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

{{/*
The workloads, as YAML `workloads: [{name, values}]`: one without pools, else one per pool, its values over the common ones.
A pool that names a selector or an affinity gets neither from the common values.
*/}}
{{- define "gpu-sessions.workloads" -}}
{{- $values := include "gpu-sessions.values" . | fromYaml -}}
{{- $workloads := list -}}
{{- range $values.pools -}}
  {{- $common := omit (deepCopy $values) "pools" -}}
  {{- if or .nodeSelector .affinity -}}
    {{- $common = omit $common "nodeSelector" "affinity" -}}
    {{- $_ := mergeOverwrite $common (dict "nodeSelector" dict "affinity" dict) -}}
  {{- end -}}
  {{- $pool := include "gpu-sessions.withoutNull" . | fromYaml -}}
  {{- $workloads = append $workloads (dict "name" (printf "gpu-session-metrics-collector-%s" .name) "values" (mergeOverwrite $common (omit $pool "name"))) -}}
{{- else -}}
  {{- $workloads = append $workloads (dict "name" "gpu-session-metrics-collector" "values" $values) -}}
{{- end -}}
{{- dict "workloads" $workloads | toYaml -}}
{{- end -}}
