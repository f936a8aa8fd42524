{{/*
The rules of one group, as a list in YAML: without those switched off, with `for`, labels and annotations filled in from
the values. The groups write Prometheus' templates as [[ ]], because {{ }} is Helm's, `cluster` for the label that names
the cluster, and {for} for how long an alert has to hold. Takes a dict: `values`, `group`, `runbook`.
*/}}
{{- define "gpu-sessions.ruleGroup" -}}
{{- $settings := .values.prometheusRule -}}
{{- $runbook := .runbook -}}
{{- $renamed := printf "%s${1}" .values.prometheus.clusterLabel -}}
{{- $shortest := include "gpu-sessions.shortestFor" .values | int -}}
{{- $rules := list -}}
{{- range include (printf "gpu-sessions.rules.%s" .group) .values | fromYamlArray -}}
  {{- $expr := regexReplaceAll `\bcluster\b([^:])` .expr $renamed -}}
  {{- if .record -}}
    {{- $rules = append $rules (dict "record" .record "expr" $expr) -}}
  {{- else if include "gpu-sessions.alertOn" (dict "settings" $settings "name" .alert) -}}
    {{- $given := get $settings.alerts .alert -}}
    {{- $for := include "gpu-sessions.atLeast" (list $given.for $shortest) -}}
    {{- $rule := dict "alert" .alert "expr" $expr "for" $for -}}
    {{- with $given.keepFiringFor | default $settings.keepFiringFor -}}
      {{- if ne . "0" -}}{{- $_ := set $rule "keep_firing_for" . -}}{{- end -}}
    {{- end -}}
    {{- $_ := set $rule "labels" (merge (dict "severity" $given.severity) (include "gpu-sessions.textMap" $settings.alertLabels | fromYaml)) -}}
    {{- $annotations := dict "runbook_url" ($given.runbookURL | default $runbook | replace "{alert}" .alert) -}}
    {{- range $name, $text := pick . "summary" "description" -}}
      {{- $text = $text | replace "{for}" $for | replace "[[" "{{" | replace "]]" "}}" -}}
      {{- $_ := set $annotations $name (regexReplaceAll `\$labels\.cluster\b` $text (printf "$$labels.%s" $.values.prometheus.clusterLabel)) -}}
    {{- end -}}
    {{- $_ := set $rule "annotations" (merge (include "gpu-sessions.textMap" ($given.annotations | default dict) | fromYaml) $annotations) -}}
    {{- $rules = append $rules $rule -}}
  {{- end -}}
{{- end -}}
{{- if $rules -}}{{- toYaml $rules -}}{{- end -}}
{{- end -}}

{{/* All groups, as a list in YAML. Takes a dict: `values`, and `runbook`, where alerts are explained. */}}
{{- define "gpu-sessions.ruleGroups" -}}
{{- $groups := list -}}
{{- range $group := list "base" "mig" "usage" "ownership" "devices" "kubernetes" "collector" -}}
  {{- with include "gpu-sessions.ruleGroup" (dict "values" $.values "runbook" $.runbook "group" $group) -}}
    {{- $groups = append $groups (dict "name" (printf "gpu-sessions-%s" $group) "rules" (fromYamlArray .)) -}}
  {{- end -}}
{{- end -}}
{{- toYaml $groups -}}
{{- end -}}

{{/* Whether an alert is made: it is on, and nobody has left it out. Takes a dict: `settings` and `name`. */}}
{{- define "gpu-sessions.alertOn" -}}
{{- $given := get .settings.alerts .name -}}
{{- if and (dig "enabled" true $given) (not (has .name .settings.disabled)) -}}on{{- end -}}
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
