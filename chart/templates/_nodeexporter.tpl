{{/*
What keeps node_exporter from reading the file: a DaemonSet of it without the textfile flag, or with another directory;
no such DaemonSet at all. Takes the workloads.
*/}}
{{- define "gpu-sessions.nodeExporterWarnings" -}}
{{- $directories := list -}}
{{- range . -}}{{- $directories = append $directories .values.textfile.directory -}}{{- end -}}
{{- $warnings := list -}}
{{- $found := false -}}
{{- range $set := (lookup "apps/v1" "DaemonSet" "" "").items -}}
  {{- range $container := $set.spec.template.spec.containers -}}
    {{- if regexMatch "node[-_]exporter" $container.image -}}
      {{- $found = true -}}
      {{- $at := printf "%s/%s" $set.metadata.namespace $set.metadata.name -}}
      {{- $read := include "gpu-sessions.textfileDirectory" (dict "container" $container "volumes" ($set.spec.template.spec.volumes | default list)) -}}
      {{- if not $read -}}
        {{- $warnings = append $warnings (printf "node-exporter (DaemonSet %s) runs without --collector.textfile.directory, so it does not read the file." $at) -}}
      {{- else if not (has $read $directories) -}}
        {{- $warnings = append $warnings (printf "node-exporter (DaemonSet %s) reads %s of the node, and the collector writes to %s." $at $read ($directories | uniq | join ", ")) -}}
      {{- end -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
{{- if not $found -}}
  {{- $warnings = append $warnings "no DaemonSet of node-exporter was found. What runs on the nodes instead has to read the textfile directory." -}}
{{- end -}}
{{- dict "warnings" $warnings | toYaml -}}
{{- end -}}

{{/*
The directory of the node that a node_exporter container reads, empty without the flag: the flag names it as the
container sees it, below one of its mounts. Takes a dict: `container`, `volumes`.
*/}}
{{- define "gpu-sessions.textfileDirectory" -}}
{{- $named := include "gpu-sessions.argument" (dict "container" .container "flag" "--collector.textfile.directory") -}}
{{- $hosts := dict -}}
{{- range .volumes -}}{{- if .hostPath -}}{{- $_ := set $hosts .name .hostPath.path -}}{{- end -}}{{- end -}}
{{- $read := $named | trimSuffix "/" -}}
{{- $longest := 0 -}}
{{- range .container.volumeMounts -}}
  {{- $mount := .mountPath | trimSuffix "/" -}}
  {{- $below := or (eq (trimSuffix "/" $named) $mount) (hasPrefix (printf "%s/" $mount) $named) -}}
  {{- if and $named $below (hasKey $hosts .name) (ge (len $mount) $longest) -}}
    {{- $longest = len $mount -}}
    {{- $read = printf "%s%s" (get $hosts .name | trimSuffix "/") (trimPrefix $mount $named) | trimSuffix "/" -}}
  {{- end -}}
{{- end -}}
{{- $read -}}
{{- end -}}

{{/*
The port on which the cluster's node_exporter listens: that of the first DaemonSet of it that says one, else its own, 9100.
*/}}
{{- define "gpu-sessions.nodeExporterPort" -}}
{{- $ports := list -}}
{{- range (lookup "apps/v1" "DaemonSet" "" "").items -}}
  {{- range .spec.template.spec.containers -}}
    {{- if regexMatch "node[-_]exporter" .image -}}
      {{- $address := include "gpu-sessions.argument" (dict "container" . "flag" "--web.listen-address") -}}
      {{- $ports = append $ports (regexFind "[0-9]+$" $address) -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
{{- first (compact $ports) | default "9100" -}}
{{- end -}}

{{/*
The value of a flag on a container's command line, as one word or as two; empty without it. Takes a dict: `container`, `flag`.
*/}}
{{- define "gpu-sessions.argument" -}}
{{- $words := concat (.container.command | default list) (.container.args | default list) -}}
{{- $found := "" -}}
{{- range $index, $word := $words -}}
  {{- if hasPrefix (printf "%s=" $.flag) $word -}}
    {{- $found = trimPrefix (printf "%s=" $.flag) $word -}}
  {{- else if and (eq $word $.flag) (lt (add1 $index | int) (len $words)) -}}
    {{- $found = index $words (add1 $index | int) -}}
  {{- end -}}
{{- end -}}
{{- $found -}}
{{- end -}}
