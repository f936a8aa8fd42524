{{/*
Spec of a pod that removes the published file. The chart's ServiceAccount is gone by then. Takes a dict: `root`, `values`,
`nodes`, `component`.
*/}}
{{- define "gpu-sessions.cleanupPod" -}}
{{- $values := .values -}}
automountServiceAccountToken: false
restartPolicy: Never
terminationGracePeriodSeconds: 1
enableServiceLinks: false
{{- with include "gpu-sessions.podContext" $values }}
{{ . }}
{{- end }}
affinity:
  nodeAffinity:
    requiredDuringSchedulingIgnoredDuringExecution:
      nodeSelectorTerms:
        {{- range .nodes }}
        - matchFields: [{key: metadata.name, operator: In, values: [{{ . | quote }}]}]
        {{- end }}
  podAntiAffinity:
    requiredDuringSchedulingIgnoredDuringExecution:
      - topologyKey: kubernetes.io/hostname
        labelSelector:
          matchLabels:
            {{- include "gpu-sessions.selectorLabels" .root | nindent 12 }}
            app.kubernetes.io/component: {{ .component }}
tolerations:
  - operator: Exists
containers:
  - name: cleanup
    image: {{ include "gpu-sessions.image" . }}
    imagePullPolicy: {{ $values.image.pullPolicy }}
    args: [remove, --output, /textfile/gpu_sessions.prom, --interval, "5", --for, "11", --verbose]
    securityContext:
      {{- include "gpu-sessions.securityContext" $values | nindent 6 }}
    resources:
      {{- toYaml $values.collection.resources | nindent 6 }}
    volumeMounts:
      - name: textfile
        mountPath: /textfile
volumes:
  - name: textfile
    hostPath:
      path: {{ $values.textfile.directory | quote }}
      type: DirectoryOrCreate
{{- end -}}
