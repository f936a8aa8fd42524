{{/*
Labels and annotations of a collector's pod. Takes a dict: `labels` of every object, `values`, and `workload` where a label
has to tell one workload's pods from another's. The chart's own labels win: a DaemonSet selects by them.
*/}}
{{- define "gpu-sessions.podMetadata" -}}
{{- $own := dict "app.kubernetes.io/component" "collector" -}}
{{- if .workload -}}{{- $_ := set $own "gpu-sessions/workload" .workload -}}{{- end -}}
labels:
  {{- merge $own (.labels | fromYaml) (include "gpu-sessions.textMap" .values.podLabels | fromYaml) | toYaml | nindent 2 }}
annotations:
  {{- merge (include "gpu-sessions.textMap" .values.podAnnotations | fromYaml) (dict "cluster-autoscaler.kubernetes.io/safe-to-evict" "true") | toYaml | nindent 2 }}
{{- end -}}

{{/*
Spec of a collector's pod. Takes a dict: `root`, `context`, `values`, `args` (list), `restartPolicy`, and `nodes`, the names
of the nodes that it is bound to; empty where selector and affinity decide.
*/}}
{{- define "gpu-sessions.podSpec" -}}
{{- $values := .values -}}
automountServiceAccountToken: false
serviceAccountName: {{ .context.account }}
hostPID: true
{{- if $values.hostNetwork }}
hostNetwork: true
{{- end }}
{{- with $values.dnsPolicy }}
dnsPolicy: {{ . }}
{{- end }}
restartPolicy: {{ .restartPolicy }}
terminationGracePeriodSeconds: {{ int $values.terminationGracePeriodSeconds }}
enableServiceLinks: false
{{- with $values.runtimeClassName }}
runtimeClassName: {{ . | quote }}
{{- end }}
{{- with include "gpu-sessions.priorityClassName" (dict "root" .root "values" $values) }}
priorityClassName: {{ . | quote }}
{{- end }}
{{- with include "gpu-sessions.podContext" $values }}
{{ . }}
{{- end }}
{{- if .nodes }}
affinity:
  {{- include "gpu-sessions.nodeBinding" .nodes | nindent 2 }}
{{- else }}
{{- with $values.nodeSelector }}
nodeSelector:
  {{- include "gpu-sessions.textMap" . | nindent 2 }}
{{- end }}
{{- with include "gpu-sessions.affinity" $values }}
affinity:
  {{- . | nindent 2 }}
{{- end }}
{{- end }}
tolerations:
  {{- with $values.tolerations }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
  - key: node.kubernetes.io/unschedulable
    operator: Exists
    effect: NoSchedule
containers:
  - name: collector
    image: {{ include "gpu-sessions.image" . }}
    imagePullPolicy: {{ $values.image.pullPolicy }}
    args:
      {{- toYaml .args | nindent 6 }}
    env:
      {{- include "gpu-sessions.environment" $values | nindent 6 }}
    securityContext:
      {{- include "gpu-sessions.securityContext" $values | nindent 6 }}
    resources:
      {{- toYaml $values.collection.resources | nindent 6 }}
    volumeMounts:
      {{- include "gpu-sessions.mounts" (dict "root" .root "values" $values) | nindent 6 }}
      {{- with $values.extraVolumeMounts }}
      {{- toYaml . | nindent 6 }}
      {{- end }}
volumes:
  {{- include "gpu-sessions.volumes" $values | nindent 2 }}
  {{- with $values.extraVolumes }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end -}}

{{- define "gpu-sessions.image" -}}
{{- $image := .values.image -}}
{{- $repository := include "gpu-sessions.repository" .values -}}
{{- if $image.digest -}}
{{- printf "%s@%s" $repository $image.digest | quote -}}
{{- else -}}
{{- printf "%s:%s" $repository ($image.tag | default .root.Chart.AppVersion) | quote -}}
{{- end -}}
{{- end -}}

{{/* The image's repository with its registry. Takes the values. */}}
{{- define "gpu-sessions.repository" -}}
{{- $registry := (.global | default dict).imageRegistry | default .image.registry | trimSuffix "/" -}}
{{- list $registry .image.repository | compact | join "/" -}}
{{- end -}}

{{/* Secrets for the registry and what the pod's containers have in common. Takes the values. */}}
{{- define "gpu-sessions.podContext" -}}
{{- $secrets := list -}}
{{- range concat ((.global | default dict).imagePullSecrets | default list) .imagePullSecrets -}}
  {{- $secrets = append $secrets (kindIs "string" . | ternary (dict "name" .) .) -}}
{{- end -}}
{{- $context := deepCopy .podSecurityContext -}}
{{- if .seLinuxOptions -}}{{- $_ := set $context "seLinuxOptions" .seLinuxOptions -}}{{- end -}}
{{- $fields := dict -}}
{{- if $secrets -}}{{- $_ := set $fields "imagePullSecrets" (uniq $secrets) -}}{{- end -}}
{{- if $context -}}{{- $_ := set $fields "securityContext" $context -}}{{- end -}}
{{- if $fields -}}{{- toYaml $fields -}}{{- end -}}
{{- end -}}

{{/* Privileged and no privilege escalation contradict each other: the API server refuses them together. */}}
{{- define "gpu-sessions.securityContext" -}}
{{- $context := .securityContext -}}
{{- if $context.privileged -}}
{{- $context = omit $context "allowPrivilegeEscalation" "capabilities" "seccompProfile" -}}
{{- end -}}
{{- toYaml $context -}}
{{- end -}}

{{- define "gpu-sessions.environment" -}}
- name: NODE_NAME
  valueFrom:
    fieldRef:
      fieldPath: spec.nodeName
{{- with ternary "/var/run/nvidia-container-devices" .driver.visibleDevices .driver.devicesAsMounts }}
- name: NVIDIA_VISIBLE_DEVICES
  value: {{ . | quote }}
{{- end }}
{{- with .driver.capabilities }}
- name: NVIDIA_DRIVER_CAPABILITIES
  value: {{ . | quote }}
{{- end }}
{{- if .driver.migMonitor }}
- name: NVIDIA_MIG_MONITOR_DEVICES
  value: all
{{- end }}
{{- with .driver.libraryPath }}
- name: LD_LIBRARY_PATH
  value: {{ . | quote }}
{{- end }}
{{- with .env }}
{{ toYaml . }}
{{- end }}
{{- end -}}
