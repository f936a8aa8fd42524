{{/*
The CronJob of one node, in which `@@name@@` and `@@node@@` stand for its name and the node's: rendering it for each of a
hundred takes long, replacing two words does not. Takes a dict: `root`, `context`, `values`, and `bound`,
whether there is a node, or the selector decides.
*/}}
{{- define "gpu-sessions.cronJob" -}}
{{- $collection := .values.collection -}}
{{- $interval := int $collection.interval -}}
{{- /* It ends before its deadline: a run that is killed is a failed Job, however well it collected. */ -}}
{{- $for := ternary (max 1 (sub (int $collection.activeDeadlineSeconds) 10)) 0 (gt $interval 0) -}}
{{- $args := (include "gpu-sessions.arguments" (dict "values" .values "interval" $interval "for" $for) | fromYaml).args -}}
{{- $own := ternary (dict "gpu-sessions/node" "@@node@@") dict .bound -}}
apiVersion: batch/v1
kind: CronJob
metadata:
  name: "@@name@@"
  namespace: {{ .context.namespace }}
  labels:
    {{- .context.labels | nindent 4 }}
  {{- with merge $own (include "gpu-sessions.textMap" .values.workloadAnnotations | fromYaml) }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  schedule: {{ $collection.schedule | quote }}
  {{- with $collection.timeZone }}
  timeZone: {{ . | quote }}
  {{- end }}
  {{- if $collection.suspend }}
  suspend: true
  {{- end }}
  concurrencyPolicy: Forbid
  startingDeadlineSeconds: {{ int $collection.startingDeadlineSeconds }}
  successfulJobsHistoryLimit: {{ int $collection.successfulJobsHistoryLimit }}
  failedJobsHistoryLimit: {{ int $collection.failedJobsHistoryLimit }}
  jobTemplate:
    metadata:
      labels:
        {{- .context.labels | nindent 8 }}
    spec:
      backoffLimit: 0
      activeDeadlineSeconds: {{ int $collection.activeDeadlineSeconds }}
      ttlSecondsAfterFinished: {{ int $collection.ttlSecondsAfterFinished }}
      template:
        metadata:
          {{- include "gpu-sessions.podMetadata" (dict "labels" .context.labels "values" .values) | nindent 10 }}
        spec:
          {{- include "gpu-sessions.podSpec" (dict "root" .root "context" .context "values" .values "args" $args "restartPolicy" "Never" "nodes" (ternary (list "@@node@@") list .bound)) | nindent 10 }}
{{- end -}}

{{/* Refuses a CronJob that cannot do what its values say. Takes a workload. */}}
{{- define "gpu-sessions.checkCronJob" -}}
{{- $collection := .values.collection -}}
{{- $most := int $collection.maxCronJobs -}}
{{- $deadline := int $collection.activeDeadlineSeconds -}}
{{- if gt (len .nodes) $most -}}
{{- fail (printf "%s: %d GPU nodes would be %d CronJobs, more than collection.maxCronJobs (%d). Set collection.mode=daemonset: the same collector as one pod per node." .name (len .nodes) (len .nodes) $most) -}}
{{- end -}}
{{- if ge (int $collection.timeout) $deadline -}}
{{- fail (printf "%s: collection.timeout (%d s) has to be below collection.activeDeadlineSeconds (%d s), which ends the run: else a slow nvidia-smi is never reported." .name (int $collection.timeout) $deadline) -}}
{{- end -}}
{{- if ge (int $collection.interval) (max 2 (sub $deadline 10) | int) -}}
{{- fail (printf "%s: collection.interval (%d s) has to be below collection.activeDeadlineSeconds less 10 s (%d s), when the run ends: else each run collects once. Leave it at 0, or set collection.mode=daemonset." .name (int $collection.interval) (sub $deadline 10)) -}}
{{- end -}}
{{- include "gpu-sessions.checkDeadline" . -}}
{{- end -}}
