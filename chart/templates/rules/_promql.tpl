{{/*
What the rules have in common. A vector in parentheses followed by `gpu-sessions.fresh` keeps the samples of files that
are young enough, by the clock of the node that wrote them. node_time_seconds is reduced first, for a node_exporter
that two jobs scrape would otherwise fail the rule for every node.
*/}}
{{- define "gpu-sessions.fresh" -}}
and on (cluster, instance) ({{ include "gpu-sessions.age" . }} <= {{ int .prometheus.staleAfterSeconds }})
{{- end -}}

{{/* How old a node's file is, in seconds. */}}
{{- define "gpu-sessions.age" -}}
max by (cluster, instance) (node_time_seconds) - on (cluster, instance) group_right () gpu_session_collector_last_run_timestamp_seconds
{{- end -}}

{{/* Keeps what comes from nodes where the stage succeeded; one that is not reported did not. Takes its name. */}}
{{- define "gpu-sessions.stage" -}}
and on (cluster, instance) (gpu_session_collector_stage_success{stage={{ . | quote }}} == 1)
{{- end -}}

{{/* The name under which a label of a scraped sample arrives in Prometheus. Takes a list: form, name. */}}
{{- define "gpu-sessions.label" -}}
{{- ternary "exported_" "" (eq (first .) "exported") -}}{{- last . -}}
{{- end -}}

{{/*
The vector with the labels that are named under their own names, in whatever form they arrive. So alerts and recorded
series look the same everywhere, and Alertmanager routes by the namespace of the owner. In the exported form `pod` is
node_exporter's own: it is overwritten, with nothing where the sample names no pod. `node` is the collector's own label;
it is another's only where the scrape configuration sets one as well. Takes a list: form, vector, names.
*/}}
{{- define "gpu-sessions.clear" -}}
{{- $form := first . -}}
{{- $vector := index . 1 -}}
{{- range slice . 2 -}}
{{- if eq . "node" -}}
{{- $vector = printf `label_replace(%s, "node", "$1", "exported_node", "(.+)")` $vector -}}
{{- else if eq $form "exported" -}}
{{- $vector = printf `label_replace(%s, %q, "$1", "exported_%s", "(.*)")` $vector . . -}}
{{- end -}}
{{- end -}}
{{- $vector -}}
{{- end -}}

{{/* A number as PromQL has it; what came through JSON or YAML would show large ones with an exponent. */}}
{{- define "gpu-sessions.number" -}}
{{- if eq (floor .) (float64 .) -}}{{- int64 . -}}{{- else -}}{{- . -}}{{- end -}}
{{- end -}}
