{{/*
Values of the chart of the same name that this one takes the place of: one has its place here, the others none.
*/}}

{{/* Takes the directory over, unless `textfile.directory` is given. Changes the values. Prints nothing. */}}
{{- define "gpu-sessions.takeOver" -}}
{{- $old := .prometheus.textfileCollectorPath -}}
{{- if and $old (eq .textfile.directory "/var/lib/node_exporter/textfile_collector") -}}
  {{- $_ := set .textfile "directory" ($old | trimSuffix "/") -}}
{{- end -}}
{{- end -}}

{{/* What became of them, as YAML `warnings: [text]`. Takes the values. */}}
{{- define "gpu-sessions.migrationWarnings" -}}
{{- $warnings := list -}}
{{- with .prometheus.textfileCollectorPath -}}
  {{- if eq (trimSuffix "/" .) $.textfile.directory -}}
    {{- $warnings = append $warnings (printf "prometheus.textfileCollectorPath is textfile.directory now, and taken for it: %s. Rename it in your values." .) -}}
  {{- else -}}
    {{- $warnings = append $warnings (printf "prometheus.textfileCollectorPath (%s) is ignored: textfile.directory says %s. Take it out of your values." . $.textfile.directory) -}}
  {{- end -}}
{{- end -}}
{{- if .collection.image -}}
  {{- $warnings = append $warnings "collection.image is ignored: it was the image of a shell, and the collector has one of its own. Name that in image.registry and image.repository, and take collection.image out of your values." -}}
{{- end -}}
{{- if .gpu -}}
  {{- $warnings = append $warnings "gpu.count and gpu.devices are ignored: the collector finds the GPUs of each node. Take `gpu` out of your values." -}}
{{- end -}}
{{- if .prometheus.serverService -}}
  {{- $warnings = append $warnings "prometheus.serverService is ignored: the collector asks no Prometheus. Take it out of your values." -}}
{{- end -}}
{{- dict "warnings" $warnings | toYaml -}}
{{- end -}}
