{{/*
What the rules have in common. A vector in parentheses followed by `gpu-sessions.fresh` keeps the samples of files that
are young enough, by the clock of the node that wrote them.
*/}}
{{- define "gpu-sessions.fresh" -}}
and on (cluster, instance) instance:gpu_collector_age:seconds <= {{ int .prometheus.staleAfterSeconds }}
{{- end -}}

{{/* Keeps what comes from nodes where the stage succeeded; one that is not reported did not. Takes its name. */}}
{{- define "gpu-sessions.stage" -}}
and on (cluster, instance) gpu_session_collector_stage_success{stage={{ . | quote }}} == 1
{{- end -}}

{{/*
The vector with the collector's own label `node`: it arrives as `exported_node` where the scrape sets a `node` too. Takes
the vector.
*/}}
{{- define "gpu-sessions.node" -}}
label_replace({{ . }}, "node", "$1", "exported_node", "(.+)")
{{- end -}}

{{/*
The vector with `namespace`, `pod` and `container` as the collector wrote them. A server that does not honour them stores
them as `exported_…`, and node_exporter's own under the plain names. So a sample whose `pod` is that of the collector's
own sample is of that form: what it lacks as `exported_…` it lacks. All others have their own labels, or those that a
relabeling has renamed. Takes a list: the vector, and the other labels to keep, one series for each.
*/}}
{{- define "gpu-sessions.owned" -}}
{{- $exporter := `on (cluster, instance, pod) gpu_session_collector_last_run_timestamp_seconds{pod!=""}` -}}
max by (cluster, instance, node, {{ last . }}, namespace, pod, container) (
  label_replace(
    {{ include "gpu-sessions.unexported" (list "(.*)" (printf "max by (cluster, instance, node, exported_node, %s, exported_namespace, exported_pod, exported_container) (%s and %s)" (last .) (first .) $exporter)) | nindent 4 | trim }}
    or
    {{ include "gpu-sessions.unexported" (list "(.+)" (printf "%s unless %s" (first .) $exporter)) | nindent 4 | trim }},
    "node", "$1", "exported_node", "(.+)"
  )
)
{{- end -}}

{{/* The names of the owner from their `exported_…` forms. Takes a list: which of these count, and the vector. */}}
{{- define "gpu-sessions.unexported" -}}
label_replace(label_replace(label_replace(
  {{ last . }},
  "namespace", "$1", "exported_namespace", {{ first . | quote }}),
  "pod", "$1", "exported_pod", {{ first . | quote }}),
  "container", "$1", "exported_container", {{ first . | quote }})
{{- end -}}

{{/*
The matcher that leaves out the namespaces of `excludeNamespaces`, of all alerts and of this one; empty without any. Takes
a list: the values, and the alert.
*/}}
{{- define "gpu-sessions.notExcluded" -}}
{{- $settings := (first .).prometheusRule -}}
{{- with concat ($settings.excludeNamespaces | default list) (get (get $settings.alerts (last .)) "excludeNamespaces" | default list) -}}
{namespace!~{{ join "|" . | quote }}}
{{- end -}}
{{- end -}}

{{/* The same for a vector that is computed: what takes the excluded out of it, by a selector of sessions. */}}
{{- define "gpu-sessions.unlessExcluded" -}}
{{- with include "gpu-sessions.notExcluded" . -}}
unless on (cluster, namespace) gpu:session:info{{ . | replace "!~" "=~" }}
{{- end -}}
{{- end -}}

{{/* A number as PromQL has it; what came through JSON or YAML would show large ones with an exponent. */}}
{{- define "gpu-sessions.number" -}}
{{- if eq (floor .) (float64 .) -}}{{- int64 . -}}{{- else -}}{{- . -}}{{- end -}}
{{- end -}}
