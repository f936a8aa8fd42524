{{/*
The directories of the node that are read, as YAML `paths: [{name, node, mount, type, follow}]`: where they lie there, where
the collector looks for them below /host, and whether there are mounts in them that come and go. All but /proc: with
hostPID the container's own /proc shows the node's processes.
*/}}
{{- define "gpu-sessions.paths" -}}
{{- $values := . -}}
{{- $known := dict "cgroup" "/sys/fs/cgroup" "podLogs" "/var/log/pods" "containerLogs" "/var/log/containers" -}}
{{- $paths := list -}}
{{- range $name, $mount := $known -}}
  {{- with index $values.hostPaths $name -}}
    {{- $paths = append $paths (dict "name" (kebabcase $name) "node" . "mount" $mount "type" "Directory") -}}
  {{- end -}}
{{- end -}}
{{- with $values.hostPaths.runtime -}}
  {{- $paths = append $paths (dict "name" "runtime" "node" . "mount" (include "gpu-sessions.runtimeMount" .) "type" "Directory" "follow" true) -}}
{{- end -}}
{{- if $values.dynamicResourceAllocation -}}
  {{- $paths = append $paths (dict "name" "kubelet" "node" $values.kubeletRoot "mount" $values.kubeletRoot "type" "Directory" "follow" true) -}}
{{- else if $values.hostPaths.devicePlugins -}}
  {{- $paths = append $paths (dict "name" "device-plugins" "node" $values.hostPaths.devicePlugins "mount" (printf "%s/device-plugins" $values.kubeletRoot) "type" "Directory") -}}
{{- end -}}
{{- if and $values.hostPaths.passwd $values.collection.userLabel -}}
  {{- $paths = append $paths (dict "name" "passwd" "node" $values.hostPaths.passwd "mount" "/etc/passwd" "type" "File") -}}
{{- end -}}
{{- dict "paths" $paths | toYaml -}}
{{- end -}}

{{/* Where the state of CRI-O and Docker is looked for, wherever the node keeps it; containerd's is looked for in place. */}}
{{- define "gpu-sessions.runtimeMount" -}}
{{- if hasSuffix "/overlay-containers" . -}}
/var/lib/containers/storage/overlay-containers
{{- else if hasSuffix "/containers" . -}}
/var/lib/docker/containers
{{- else -}}
{{- . -}}
{{- end -}}
{{- end -}}

{{- define "gpu-sessions.mounts" -}}
- name: textfile
  mountPath: /textfile
{{- range (include "gpu-sessions.paths" . | fromYaml).paths }}
- name: {{ .name }}
  mountPath: {{ printf "/host%s" .mount | quote }}
  readOnly: true
  {{- if .follow }}
  # What the node unmounts there is let go here too: a pod that stays must not hold another's volume.
  mountPropagation: HostToContainer
  {{- end }}
{{- end }}
{{- if .driver.hostPath }}
- name: driver
  mountPath: {{ .driver.mountPath | quote }}
  readOnly: true
{{- end }}
{{- if .driver.devicesAsMounts }}
# A name below this directory asks the NVIDIA runtime for the devices of that name; the file itself is not looked at.
- name: devices
  mountPath: /var/run/nvidia-container-devices/all
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
{{- if .driver.devicesAsMounts }}
- name: devices
  hostPath:
    path: /dev/null
    type: CharDevice
{{- end }}
{{- end -}}
