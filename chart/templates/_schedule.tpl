{{/*
Refuses a schedule that Kubernetes would refuse, with the field that is wrong. As cron's parser there: a name only for
months and days of the week, `?` as `*`, and Sunday is 0 alone. Takes the schedule.
*/}}
{{- define "gpu-sessions.checkSchedule" -}}
{{- $fields := list (list "minute" 0 59) (list "hour" 0 23) (list "day of the month" 1 31) (list "month" 1 12) (list "day of the week" 0 6) -}}
{{- if not (hasPrefix "@" .) -}}
  {{- range $index, $text := regexSplit " +" . -1 -}}
    {{- $field := index $fields $index -}}
    {{- range splitList "," (include "gpu-sessions.withNumbers" (dict "text" $text "field" (first $field))) -}}
      {{- if not (include "gpu-sessions.isCronRange" (dict "text" . "least" (index $field 1) "most" (last $field))) -}}
        {{- fail (printf "collection.schedule %q: %q is no %s: %d to %d, a range of them, or *, each with /step if need be." $ $text (first $field) (index $field 1) (last $field)) -}}
      {{- end -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
{{- end -}}

{{/* A field of a schedule with numbers for names. Takes a dict: `text`, `field`. */}}
{{- define "gpu-sessions.withNumbers" -}}
{{- $names := list -}}
{{- if eq .field "month" -}}
  {{- $names = list "none" "jan" "feb" "mar" "apr" "may" "jun" "jul" "aug" "sep" "oct" "nov" "dec" -}}
{{- else if eq .field "day of the week" -}}
  {{- $names = list "sun" "mon" "tue" "wed" "thu" "fri" "sat" -}}
{{- end -}}
{{- $text := lower .text -}}
{{- range $number, $name := $names -}}
  {{- $text = regexReplaceAll (printf "\\b%s\\b" $name) $text (toString $number) -}}
{{- end -}}
{{- $text -}}
{{- end -}}

{{/* "yes" for `*`, `?`, a number or a range within the limits, with a step or without. Takes a dict: `text`, `least`, `most`. */}}
{{- define "gpu-sessions.isCronRange" -}}
{{- if regexMatch "^([*?]|[0-9]{1,2}(-[0-9]{1,2})?)(/[0-9]{0,4}[1-9][0-9]{0,4})?$" .text -}}
  {{- $ends := regexReplaceAll "/.*$" .text "" | replace "*" (toString .least) | replace "?" (toString .least) | splitList "-" -}}
  {{- if and (ge (first $ends | atoi) .least) (le (first $ends | atoi) (last $ends | atoi)) (le (last $ends | atoi) .most) -}}yes{{- end -}}
{{- end -}}
{{- end -}}
