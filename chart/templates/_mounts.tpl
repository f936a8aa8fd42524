{{/*
The directories of the node that are read, as YAML `paths: [{name, node, mount, type, follow}]`: where they lie there, where
the collector looks for them below /host, and whether what the node unmounts below has to be let go. All but /proc: with
hostPID the container's own /proc shows the node's processes.
*/}}
{{- define "gpu-sessions.paths" -}}
{{- $values := . -}}
{{- $known := dict "cgroup" "/sys/fs/cgroup" "podLogs" "/var/log/pods" "containerLogs" "/var/log/containers" -}}
{{- $paths := list -}}
{{- range $name, $mount := $known -}}
  {{- /* Whether a pod is alive is asked only of pods that hold something. */ -}}
  {{- if or (ne $name "cgroup") $values.dynamicResourceAllocation $values.hostPaths.devicePlugins -}}
    {{- with index $values.hostPaths $name -}}
      {{- $paths = append $paths (dict "name" (kebabcase $name) "node" . "mount" $mount "type" "Directory") -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
{{- with $values.hostPaths.runtime -}}
  {{- $paths = append $paths (dict "name" "runtime" "node" . "mount" (include "gpu-sessions.runtimeMount" .) "type" "Directory") -}}
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

{{/*
Where the state of CRI-O and Docker is looked for, wherever the node keeps it; containerd's is looked for in place. Another
directory is refused here, not by the schema, which cannot say why.
*/}}
{{- define "gpu-sessions.runtimeMount" -}}
{{- if not (regexMatch "/(io\\.containerd\\.runtime\\.(v1\\.linux|v2\\.task)|overlay-containers|docker/containers)$" .) -}}
{{- fail (printf "hostPaths.runtime: %s is not mounted, for it may hold the runtime's socket, and whoever reaches that rules the node. Name the directory of the containers' state: one that ends in /io.containerd.runtime.v2.task (containerd: /run/containerd/io.containerd.runtime.v2.task), /overlay-containers (CRI-O) or /docker/containers, or \"\" for none." .) -}}
{{- end -}}
{{- if hasSuffix "/overlay-containers" . -}}
/var/lib/containers/storage/overlay-containers
{{- else if hasSuffix "/containers" . -}}
/var/lib/docker/containers
{{- else -}}
{{- . -}}
{{- end -}}
{{- end -}}

{{/*
A mount of the node is read-only without what is mounted below it, unless it is so recursively: then neither the root
file systems of containers below the runtime's directory nor the hierarchies of cgroup version 1 can be written. The API
knows the field by default since 1.31; a runtime that cannot do it (containerd before 2.0, CRI-O before 1.30, Linux before
5.12) leaves it out. Such a mount cannot follow the node's own. That is needed below the kubelet's directory alone, where
a volume is detached while its directory still stands; a container's root and its directory go together, and the kernel
then lets go of it everywhere. Takes a dict: `root`, `follow`.
*/}}
{{- define "gpu-sessions.readOnly" -}}
readOnly: true
{{- if .follow }}
# What the node unmounts there is let go here too: a pod that stays must not hold another's volume.
mountPropagation: HostToContainer
{{- else if semverCompare ">=1.31-0" .root.Capabilities.KubeVersion.Version }}
recursiveReadOnly: IfPossible
{{- end }}
{{- end -}}

{{/* Takes a dict: `root`, `values`. */}}
{{- define "gpu-sessions.mounts" -}}
{{- $root := .root -}}
{{- $driver := .values.driver -}}
- name: textfile
  mountPath: /textfile
{{- range (include "gpu-sessions.paths" .values | fromYaml).paths }}
- name: {{ .name }}
  mountPath: {{ printf "/host%s" .mount | quote }}
  {{- include "gpu-sessions.readOnly" (dict "root" $root "follow" .follow) | nindent 2 }}
{{- end }}
{{- if $driver.hostPath }}
- name: driver
  mountPath: {{ $driver.mountPath | quote }}
  {{- include "gpu-sessions.readOnly" (dict "root" $root "follow" false) | nindent 2 }}
{{- end }}
{{- if $driver.devicesAsMounts }}
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
