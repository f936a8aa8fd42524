{{/* Arguments of a collection, as YAML `args: […]`. Takes a dict: `values`, `interval` and `for` in seconds, 0 for none. */}}
{{- define "gpu-sessions.arguments" -}}
{{- $collection := .values.collection -}}
{{- $args := list "collect"
      "--host-root" "/host" "--proc" "/proc"
      "--kubelet-root" (printf "/host%s" .values.kubeletRoot)
      "--output" "/textfile/gpu_sessions.prom"
      "--timeout" (toString $collection.timeout)
      "--label" "node=$(NODE_NAME)" -}}
{{- range $name, $value := $collection.labels -}}
  {{- $args = concat $args (list "--label" (printf "%s=%s" $name (include "gpu-sessions.text" $value))) -}}
{{- end -}}
{{- if .values.driver.nvidiaSmi -}}{{- $args = concat $args (list "--nvidia-smi" .values.driver.nvidiaSmi) -}}{{- end -}}
{{- if not $collection.memoryLabel -}}{{- $args = append $args "--no-memory-label" -}}{{- end -}}
{{- if $collection.migUtilization -}}{{- $args = append $args "--mig-utilization" -}}{{- end -}}
{{- if not $collection.userLabel -}}{{- $args = append $args "--no-user-label" -}}{{- end -}}
{{- if .interval -}}{{- $args = concat $args (list "--interval" (toString .interval)) -}}{{- end -}}
{{- if .for -}}{{- $args = concat $args (list "--for" (toString .for)) -}}{{- end -}}
{{- if $collection.verbose -}}{{- $args = append $args "--verbose" -}}{{- end -}}
{{- dict "args" (concat $args $collection.extraArgs) | toYaml -}}
{{- end -}}

{{/* Arguments of `gpu-sessions check`, which looks where a collection does, as YAML `args: […]`. Takes the values. */}}
{{- define "gpu-sessions.checkArguments" -}}
{{- $args := list "check"
      "--host-root" "/host" "--proc" "/proc"
      "--kubelet-root" (printf "/host%s" .kubeletRoot)
      "--output" "/textfile/gpu_sessions.prom"
      "--timeout" (toString .collection.timeout) -}}
{{- if .driver.nvidiaSmi -}}{{- $args = concat $args (list "--nvidia-smi" .driver.nvidiaSmi) -}}{{- end -}}
{{- dict "args" $args | toYaml -}}
{{- end -}}
