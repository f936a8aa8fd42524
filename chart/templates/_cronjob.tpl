{{/*
One CronJob. Takes a dict: `root`, `labels` of every object, `account`, `values`, `name`, and `node`, empty where the
selector decides.
*/}}
{{- define "gpu-sessions.cronJob" -}}
{{- $collection := .values.collection -}}
{{- $interval := int $collection.interval -}}
{{- /* It ends before its deadline: a run that is killed is a failed Job, however well it collected. */ -}}
{{- $for := ternary (max 1 (sub (int $collection.activeDeadlineSeconds) 10)) 0 (gt $interval 0) -}}
{{- $args := (include "gpu-sessions.arguments" (dict "values" .values "interval" $interval "for" $for) | fromYaml).args -}}
apiVersion: batch/v1
kind: CronJob
metadata:
  name: {{ .name }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- .labels | nindent 4 }}
  {{- with .node }}
  annotations:
    gpu-sessions/node: {{ . | quote }}
  {{- end }}
spec:
  schedule: {{ $collection.schedule | quote }}
  concurrencyPolicy: Forbid
  startingDeadlineSeconds: {{ int $collection.startingDeadlineSeconds }}
  successfulJobsHistoryLimit: {{ int $collection.successfulJobsHistoryLimit }}
  failedJobsHistoryLimit: {{ int $collection.failedJobsHistoryLimit }}
  jobTemplate:
    metadata:
      labels:
        {{- .labels | nindent 8 }}
    spec:
      backoffLimit: 0
      activeDeadlineSeconds: {{ int $collection.activeDeadlineSeconds }}
      ttlSecondsAfterFinished: {{ int $collection.ttlSecondsAfterFinished }}
      template:
        metadata:
          {{- include "gpu-sessions.podMetadata" . | nindent 10 }}
        spec:
          {{- include "gpu-sessions.podSpec" (dict "root" .root "account" .account "values" .values "args" $args "restartPolicy" "Never" "nodes" (compact (list .node))) | nindent 10 }}
{{- end -}}
