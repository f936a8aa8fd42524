{{/* "yes" if the node has every label of a nodeSelector. */}}
{{- define "gpu-sessions.hasLabels" -}}
{{- $missing := false -}}
{{- range $key, $value := .selector -}}
  {{- if ne (get $.labels $key) (include "gpu-sessions.text" $value) -}}{{- $missing = true -}}{{- end -}}
{{- end -}}
{{- if not $missing -}}yes{{- end -}}
{{- end -}}

{{/* "yes" if one of the node selector terms takes the node, or there is none. An empty term takes no node. */}}
{{- define "gpu-sessions.anyTerm" -}}
{{- $taken := empty .terms -}}
{{- range .terms -}}
  {{- $all := or .matchExpressions .matchFields -}}
  {{- range .matchExpressions -}}
    {{- if not (include "gpu-sessions.matches" (dict "labels" $.node.labels "expression" .)) -}}{{- $all = false -}}{{- end -}}
  {{- end -}}
  {{- range .matchFields -}}
    {{- if not (include "gpu-sessions.matches" (dict "labels" (dict "metadata.name" $.node.name) "expression" .)) -}}{{- $all = false -}}{{- end -}}
  {{- end -}}
  {{- if $all -}}{{- $taken = true -}}{{- end -}}
{{- end -}}
{{- if $taken -}}yes{{- end -}}
{{- end -}}

{{/*
"yes" if the labels satisfy one expression of a node selector, as the scheduler reads it: NotIn also takes a node
without the label; Gt and Lt only take a node whose value is an integer.
*/}}
{{- define "gpu-sessions.matches" -}}
{{- $there := hasKey .labels .expression.key -}}
{{- $value := get .labels .expression.key -}}
{{- $operator := .expression.operator -}}
{{- $values := .expression.values | default list -}}
{{- $number := and $there (regexMatch "^[+-]?[0-9]+$" $value) -}}
{{- if or (and (eq $operator "Exists") $there)
          (and (eq $operator "DoesNotExist") (not $there))
          (and (eq $operator "In") $there (has $value $values))
          (and (eq $operator "NotIn") (not (and $there (has $value $values))))
          (and (eq $operator "Gt") $number (gt (int64 $value) (int64 (first $values))))
          (and (eq $operator "Lt") $number (lt (int64 $value) (int64 (first $values)))) -}}
yes
{{- end -}}
{{- end -}}

{{/* "yes" if a list of tolerations tolerates a taint. Takes a dict: `tolerations`, `taint`. */}}
{{- define "gpu-sessions.tolerates" -}}
{{- $tolerated := false -}}
{{- range .tolerations -}}
  {{- $exists := eq (.operator | default "Equal") "Exists" -}}
  {{- $key := or (and $exists (empty .key)) (eq (.key | default "") $.taint.key) -}}
  {{- $value := or $exists (eq (.value | default "") ($.taint.value | default "")) -}}
  {{- $effect := or (empty .effect) (eq (.effect | default "") $.taint.effect) -}}
  {{- if and $key $value $effect -}}{{- $tolerated = true -}}{{- end -}}
{{- end -}}
{{- if $tolerated -}}yes{{- end -}}
{{- end -}}
