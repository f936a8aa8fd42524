{{/*
The values in force, as JSON, which is read faster than YAML and is YAML too: the chart's defaults, over them the values
given, over them those below the chart's own name. The defaults come from a file, not from .Values: `helm upgrade --reuse-values` from an older release does not
bring the keys that are new.
*/}}
{{- define "gpu-sessions.values" -}}
{{- $given := deepCopy .Values -}}
{{- include "gpu-sessions.dropNull" $given -}}
{{- $nested := index $given "gpu-session-monitoring" | default dict -}}
{{- $values := mergeOverwrite (.Files.Get "files/defaults.yaml" | fromYaml) (omit $given "gpu-session-monitoring") $nested -}}
{{- include "gpu-sessions.setResources" (dict "values" $values "given" .Values "whole" true) -}}
{{- include "gpu-sessions.setResources" (dict "values" $values "given" (index .Values "gpu-session-monitoring")) -}}
{{- include "gpu-sessions.takeOver" $values -}}
{{- $_ := set $values.prometheus "staleAfterSeconds" (include "gpu-sessions.staleAfter" $values | int) -}}
{{- $values | toJson -}}
{{- end -}}

{{/* Takes the keys that are null out of a map, at any depth: null means the default. Prints nothing. */}}
{{- define "gpu-sessions.dropNull" -}}
{{- range $key, $value := . -}}
  {{- if kindIs "map" $value -}}
    {{- include "gpu-sessions.dropNull" $value -}}
  {{- else if kindIs "invalid" $value -}}
    {{- $_ := unset $ $key -}}
  {{- end -}}
{{- end -}}
{{- end -}}

{{/*
Requests and limits, of which null takes one away: a container without a limit for the CPU is not the same as one with the
default. Takes a dict: `values`, which it changes; `given`, values as they were given; `whole` where nothing is to be
added to what is given there, because Helm has merged it with the defaults and left out what is null. Prints nothing.
*/}}
{{- define "gpu-sessions.setResources" -}}
{{- $given := (((.given | default dict).collection) | default dict).resources -}}
{{- $resources := .values.collection.resources -}}
{{- if kindIs "map" $given -}}
  {{- range $kind := list "requests" "limits" -}}
    {{- $own := get $given $kind | default dict -}}
    {{- $taken := and (hasKey $given $kind) (kindIs "invalid" (get $given $kind)) -}}
    {{- $all := ternary dict (get $resources $kind) (or $taken ($.whole | default false)) | deepCopy -}}
    {{- range $name, $amount := $own -}}
      {{- if kindIs "invalid" $amount -}}{{- $_ := unset $all $name -}}{{- else -}}{{- $_ := set $all $name $amount -}}{{- end -}}
    {{- end -}}
    {{- $_ := set $resources $kind $all -}}
  {{- end -}}
{{- end -}}
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
