{{/*
The rules of one group, as a list in YAML: without those switched off, with `for`, labels and annotations filled in from
the values. The groups write Prometheus' templates as [[ ]], because {{ }} is Helm's. Takes a dict: `values`, `group`.
*/}}
{{- define "gpu-sessions.ruleGroup" -}}
{{- $settings := .values.prometheusRule -}}
{{- $rules := list -}}
{{- range include (printf "gpu-sessions.rules.%s" .group) .values | fromYamlArray -}}
  {{- if .record -}}
    {{- $rules = append $rules . -}}
  {{- else if not (has .alert $settings.disabled) -}}
    {{- $given := get $settings.alerts .alert -}}
    {{- $labels := merge (dict "severity" $given.severity) $settings.alertLabels -}}
    {{- $annotations := dict -}}
    {{- range $name, $text := pick . "summary" "description" -}}
      {{- $_ := set $annotations $name ($text | replace "[[" "{{" | replace "]]" "}}") -}}
    {{- end -}}
    {{- $rules = append $rules (dict "alert" .alert "expr" .expr "for" $given.for "labels" $labels "annotations" $annotations) -}}
  {{- end -}}
{{- end -}}
{{- if $rules -}}{{- toYaml $rules -}}{{- end -}}
{{- end -}}

{{/* Refuses a name in `disabled` that no alert has: a misspelt one would go on alerting. Takes prometheusRule. */}}
{{- define "gpu-sessions.checkDisabled" -}}
{{- range .disabled -}}
  {{- if not (hasKey $.alerts .) -}}
    {{- fail (printf "prometheusRule.disabled: there is no alert %q; these are there: %s" . (keys $.alerts | sortAlpha | join ", ")) -}}
  {{- end -}}
{{- end -}}
{{- end -}}

{{/* Where it is, for annotations. */}}
{{- define "gpu-sessions.saysWhere" -}}
[[ or $labels.node $labels.instance ]]
{{- end -}}

{{/* Which pod, for annotations. */}}
{{- define "gpu-sessions.saysPod" -}}
[[ with $labels.namespace ]][[ . ]]/[[ end ]][[ $labels.pod ]]
{{- end -}}

{{/* Whose it is, for annotations: the pod, else the user, else the container. */}}
{{- define "gpu-sessions.saysWho" -}}
[[ if $labels.pod ]]pod {{ include "gpu-sessions.saysPod" . }}
[[- else if $labels.user ]]user [[ $labels.user ]][[ with $labels.unit ]] ([[ . ]])[[ end ]]
[[- else if $labels.container ]]container [[ $labels.container ]]
[[- else ]]a process of an unknown owner[[ end ]]
{{- end -}}
