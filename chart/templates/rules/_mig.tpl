{{/*
MIG utilization, weighted by the size of the instances. A part is what a figure is of: a compute instance where the
collector is told to ask for its utilization (`gpu` names it), else a GPU instance, by DCGM (without `gpu`). DCGM names one
by UUID and GPU_I_ID and comes from another exporter, so `instance` differs, and it repeats an instance for each pod: its
side is reduced to one series before it is joined.
*/}}
{{- define "gpu-sessions.rules.mig" -}}
{{- $alert := .prometheusRule.alerts.MIGHighUtilization -}}
{{- $gpuInstance := "cluster, gpu_uuid, gpu_instance_id" -}}
{{- $part := "cluster, gpu_uuid, gpu_instance_id, gpu" -}}
{{- $busy := printf "mig_part:utilization:percent * on (%s) mig_part:weight:fraction" $part -}}
{{- $placed := include "gpu-sessions.placedInstances" . | nindent 6 | trim -}}
{{- $where := include "gpu-sessions.saysWhere" . -}}
- record: mig_part:utilization:percent
  expr: |-
    (
      max by ({{ $part }}) (gpu_mig_utilization)
      or
      max by ({{ $gpuInstance }}) ({{ include "gpu-sessions.dcgmInstance" `DCGM_FI_PROF_GR_ENGINE_ACTIVE{GPU_I_ID!=""}` }})
      * {{ include "gpu-sessions.number" .prometheus.dcgmScale }}
      unless on ({{ $gpuInstance }}) gpu_mig_utilization
    )
    and on ({{ $gpuInstance }}) (gpu_instance_compute_fraction {{ include "gpu-sessions.fresh" . }})
- record: mig_part:weight:fraction
  # Its share of the physical GPU.
  expr: |-
    (
      max by ({{ $part }}) (gpu_compute_fraction{gpu_instance_id!=""})
      or
      max by ({{ $gpuInstance }}) (gpu_instance_compute_fraction)
    )
    and on ({{ $part }}) mig_part:utilization:percent
- record: mig_part:pod:info
  # The pods that hold a part or run there, value 1.
  expr: |-
    (
      group by ({{ $part }}, namespace, pod) (
        {{ include "gpu-sessions.podDevices" . | nindent 8 | trim }}
      )
      or
      group by ({{ $gpuInstance }}, namespace, pod) (
        {{ include "gpu-sessions.podDevices" . | nindent 8 | trim }}
        or
        {{ include "gpu-sessions.dcgmPods" . | nindent 8 | trim }}
      )
    )
    and on ({{ $part }}) mig_part:utilization:percent
- record: gpu_instance:gpu_mig_utilization:percent
  expr: |-
    sum by ({{ $gpuInstance }}) ({{ $busy }}) / sum by ({{ $gpuInstance }}) (mig_part:weight:fraction)
- record: gpu:gpu_mig_utilization:weighted
  # Over the parts of which something is known: what is not known is no 0.
  expr: |-
    sum by (cluster, instance, node, gpu, gpu_uuid) (
      {{ $placed }}
      * on ({{ $gpuInstance }}) group_left () sum by ({{ $gpuInstance }}) ({{ $busy }})
    )
    /
    sum by (cluster, instance, node, gpu, gpu_uuid) (
      {{ $placed }}
      * on ({{ $gpuInstance }}) group_left () sum by ({{ $gpuInstance }}) (mig_part:weight:fraction)
    )
- record: pod:gpu_mig_utilization:weighted
  # How busy the parts are that the pod holds or runs on; one that several pods share counts for each of them.
  expr: |-
    sum by (cluster, namespace, pod) (mig_part:pod:info * on ({{ $part }}) group_left () ({{ $busy }}))
    / sum by (cluster, namespace, pod) (mig_part:pod:info * on ({{ $part }}) group_left () mig_part:weight:fraction)
- alert: MIGHighUtilization
  expr: |-
    gpu:gpu_mig_utilization:weighted > {{ include "gpu-sessions.number" $alert.above }}
  summary: >-
    The MIG instances of GPU [[ $labels.gpu ]] of {{ $where }} are [[ printf "%.1f" $value ]] % busy
  description: >-
    Weighted by their size, the MIG instances of GPU [[ $labels.gpu ]] of {{ $where }} have been
    [[ printf "%.1f" $value ]] % busy for {for}. If work waits for them, consider larger instances or whole GPUs.
{{- end -}}

{{/* A vector of DCGM's with the labels that name a GPU instance as ours do. */}}
{{- define "gpu-sessions.dcgmInstance" -}}
label_replace(label_replace({{ . }}, "gpu_uuid", "$1", "UUID", "(.+)"), "gpu_instance_id", "$1", "GPU_I_ID", "(.+)")
{{- end -}}

{{/* The GPU instances with the node and the index of their GPU, value 1. */}}
{{- define "gpu-sessions.placedInstances" -}}
group by (cluster, instance, node, gpu_uuid, gpu_instance_id) ({{ include "gpu-sessions.node" "gpu_instance_compute_fraction" }})
* on (cluster, instance, gpu_uuid) group_left (gpu)
max by (cluster, instance, gpu_uuid, gpu) (label_replace(gpu_info, "gpu_uuid", "$1", "uuid", "(.+)"))
{{- end -}}

{{/* Pods by compute instance: those that hold it or run there. */}}
{{- define "gpu-sessions.podDevices" -}}
(
  gpu:held:replicas
  or
  gpu:session:info{pod_uid!=""}
)
* on (cluster, instance, gpu) group_left (gpu_uuid, gpu_instance_id)
max by (cluster, instance, gpu, gpu_uuid, gpu_instance_id) (gpu_mig_info)
{{- end -}}

{{/*
Pods by GPU instance, as DCGM names them, whatever form its labels arrive in: a `pod` that is the exporter's own, as `up`
has it, is nobody's. They count only where the kubelet's state could not be read.
*/}}
{{- define "gpu-sessions.dcgmPods" -}}
{{- $named := `DCGM_FI_PROF_GR_ENGINE_ACTIVE{GPU_I_ID!="",%s}` -}}
(
  label_replace(label_replace({{ include "gpu-sessions.dcgmInstance" (printf $named `exported_pod!=""`) }}, "namespace", "$1", "exported_namespace", "(.*)"), "pod", "$1", "exported_pod", "(.+)")
  or
  {{ include "gpu-sessions.dcgmInstance" (printf $named `exported_pod="",pod!=""`) }} unless on (cluster, instance, job, pod) up
)
unless on (cluster, gpu_uuid) (gpu_mig_info {{ include "gpu-sessions.stage" "allocations" }})
{{- end -}}
