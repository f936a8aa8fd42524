{{/*
How often what a node publishes is renewed, in seconds: the longest gap between two runs of a CronJob within an hour, or a
DaemonSet's interval. Takes `collection`.
*/}}
{{- define "gpu-sessions.period" -}}
{{- if eq .mode "daemonset" -}}
{{- int .interval | default 60 -}}
{{- else -}}
{{- $minutes := include "gpu-sessions.minutes" .schedule | splitList " " -}}
{{- $before := sub (last $minutes | atoi) 60 -}}
{{- $gap := 0 -}}
{{- range $minutes -}}
  {{- $gap = max $gap (sub (atoi .) $before) -}}
  {{- $before = atoi . -}}
{{- end -}}
{{- mul $gap 60 -}}
{{- end -}}
{{- end -}}

{{/* The minutes of an hour in which a CronJob's schedule is due, in order and with two digits. Takes the schedule. */}}
{{- define "gpu-sessions.minutes" -}}
{{- include "gpu-sessions.checkSchedule" . -}}
{{- $minutes := list -}}
{{- range (ternary "0" (splitList " " . | first) (hasPrefix "@" .)) | splitList "," -}}
  {{- $parts := splitList "/" . -}}
  {{- $step := 1 -}}
  {{- if eq (len $parts) 2 -}}{{- $step = last $parts | atoi -}}{{- end -}}
  {{- $ends := regexReplaceAll `^[*?]$` (first $parts) "0-59" | splitList "-" -}}
  {{- $last := ternary "59" (last $ends) (and (eq (len $ends) 1) (eq (len $parts) 2)) | atoi -}}
  {{- range untilStep (first $ends | atoi) (add $last 1 | int) $step -}}
    {{- $minutes = append $minutes (printf "%02d" .) -}}
  {{- end -}}
{{- end -}}
{{- $minutes | uniq | sortAlpha | join " " -}}
{{- end -}}

{{/* What each workload collects by, as YAML `collections: […]`: the common one, or that of each pool. Takes the values. */}}
{{- define "gpu-sessions.collections" -}}
{{- $collections := list -}}
{{- range .pools -}}
  {{- $own := deepCopy (.collection | default dict) -}}
  {{- include "gpu-sessions.dropNull" $own -}}
  {{- $collections = append $collections (mergeOverwrite (deepCopy $.collection) $own) -}}
{{- else -}}
  {{- $collections = append $collections .collection -}}
{{- end -}}
{{- dict "collections" $collections | toJson -}}
{{- end -}}

{{/* The longest period of all workloads, in seconds. Takes the values. */}}
{{- define "gpu-sessions.longestPeriod" -}}
{{- $longest := 0 -}}
{{- range (include "gpu-sessions.collections" . | fromJson).collections -}}
  {{- $longest = max $longest (include "gpu-sessions.period" . | int) -}}
{{- end -}}
{{- $longest -}}
{{- end -}}

{{/* The age from which a sample counts for nothing: the one given, else one missed run and a minute. Takes the values. */}}
{{- define "gpu-sessions.staleAfter" -}}
{{- .prometheus.staleAfterSeconds | int | default (include "gpu-sessions.longestPeriod" . | int | mul 2 | add 60) -}}
{{- end -}}

{{/*
How long an alert has to hold at least, in seconds: two collections, for one sample proves nothing. 0 where there is one
each minute: each default is longer, and who wants a shorter one may have it. Takes the values.
*/}}
{{- define "gpu-sessions.shortestFor" -}}
{{- $period := include "gpu-sessions.longestPeriod" . | int -}}
{{- ternary (mul 2 $period) 0 (gt $period 60) -}}
{{- end -}}

{{/* A duration of Prometheus', or a number of seconds if that is longer. Takes a list of both. */}}
{{- define "gpu-sessions.atLeast" -}}
{{- $units := dict "ms" 0 "s" 1 "m" 60 "h" 3600 "d" 86400 "w" 604800 "y" 31536000 -}}
{{- $seconds := 0 -}}
{{- range regexFindAll `[0-9]+(ms|[smhdwy])` (first .) -1 -}}
  {{- $seconds = add $seconds (mul (regexFind `^[0-9]+` . | atoi) (get $units (regexFind `[a-z]+$` .))) -}}
{{- end -}}
{{- $least := last . | int -}}
{{- if ge $seconds $least -}}{{- first . -}}{{- else if mod $least 60 -}}{{- $least -}}s{{- else -}}{{- div $least 60 -}}m{{- end -}}
{{- end -}}

{{/*
Refuses what no rule and no panel can work with: an age that fresh samples reach too, and, for rules, hours without any
collection. Takes the values.
*/}}
{{- define "gpu-sessions.checkPeriod" -}}
{{- $stale := int .prometheus.staleAfterSeconds -}}
{{- range (include "gpu-sessions.collections" . | fromJson).collections -}}
  {{- $period := include "gpu-sessions.period" . | int -}}
  {{- $source := ternary "collection.interval" (printf "collection.schedule %q" .schedule) (eq .mode "daemonset") -}}
  {{- if lt $stale (add $period 60 | int) -}}
    {{- fail (printf "prometheus.staleAfterSeconds is %d, and with %s a node collects every %d s: a sample is that old when the next one is due, and a run and a scrape take up to a minute more. Give at least %d, or leave it at 0: then it is %d." $stale $source $period (add $period 60) (add (mul 2 $period) 60)) -}}
  {{- end -}}
  {{- if and $.prometheusRule.enabled (eq .mode "cronjob") (not (regexMatch `^(@hourly|\S+( +(\*|\*/1|\?)){4})$` .schedule)) -}}
    {{- fail (printf "prometheusRule.enabled: collection.schedule %q leaves hours or days without a collection, in which nothing is known: alerts would be wrong there. Let it run in every hour, as \"*/5 * * * *\" does, or leave the rules out." .schedule) -}}
  {{- end -}}
{{- end -}}
{{- end -}}

{{/*
Refuses a deadline of a run that is longer than the time until the next one: that is then left out (concurrencyPolicy
Forbid), and samples are older than the schedule says. Takes a workload.
*/}}
{{- define "gpu-sessions.checkDeadline" -}}
{{- $collection := .values.collection -}}
{{- $period := include "gpu-sessions.period" $collection | int -}}
{{- if gt (int $collection.activeDeadlineSeconds) $period -}}
{{- fail (printf "%s: collection.activeDeadlineSeconds (%d s) is longer than the %d s between two runs of collection.schedule %q: a run that takes so long keeps the next one from starting. Give at most %d, or a schedule with longer pauses." .name (int $collection.activeDeadlineSeconds) $period $collection.schedule $period) -}}
{{- end -}}
{{- end -}}
