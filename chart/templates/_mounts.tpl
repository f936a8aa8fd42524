{{/*
The directories of the node that are read, as YAML `paths: [{name, node, type}]`. All but /proc: with hostPID the
container's own /proc shows the node's processes.
*/}}
{{- define "gpu-sessions.paths" -}}
{{- $values := . -}}
{{- $paths := list -}}
{{- range $name, $path := omit $values.hostPaths "passwd" "devicePlugins" -}}
  {{- if $path -}}{{- $paths = append $paths (dict "name" (kebabcase $name) "node" $path "type" "Directory") -}}{{- end -}}
{{- end -}}
{{- if $values.dynamicResourceAllocation -}}
  {{- $paths = append $paths (dict "name" "kubelet" "node" $values.kubeletRoot "type" "Directory") -}}
{{- else if $values.hostPaths.devicePlugins -}}
  {{- $paths = append $paths (dict "name" "device-plugins" "node" $values.hostPaths.devicePlugins "type" "Directory") -}}
{{- end -}}
{{- if and $values.hostPaths.passwd $values.collection.userLabel -}}
  {{- $paths = append $paths (dict "name" "passwd" "node" $values.hostPaths.passwd "type" "File") -}}
{{- end -}}
{{- dict "paths" $paths | toYaml -}}
{{- end -}}

{{- define "gpu-sessions.mounts" -}}
- name: textfile
  mountPath: /textfile
{{- range (include "gpu-sessions.paths" . | fromYaml).paths }}
- name: {{ .name }}
  mountPath: {{ printf "/host%s" .node | quote }}
  readOnly: true
  {{- if eq .type "Directory" }}
  # What the node unmounts there later is let go here too.
  mountPropagation: HostToContainer
  {{- end }}
{{- end }}
{{- if .driver.hostPath }}
- name: driver
  mountPath: {{ .driver.mountPath | quote }}
  readOnly: true
{{- end }}
{{- end -}}

{{- define "gpu-sessions.volumes" -}}
- name: textfile
  hostPath:
    path: {{ .textfile.directory | quote }}
    type: DirectoryOrCreate
{{- range (include "gpu-sessions.paths" . | fromYaml).paths }}
- name: {{ .name }}
  hostPath:
    path: {{ .node | quote }}
    type: {{ .type }}
{{- end }}
{{- if .driver.hostPath }}
- name: driver
  hostPath:
    path: {{ .driver.hostPath | quote }}
    type: Directory
{{- end }}
{{- end -}}
