{{/*
MIG utilization, weighted by the size of the instances. DCGM names a GPU instance by UUID and GPU_I_ID and comes from
another exporter, so `instance` differs; a GPU instance may hold several compute instances, and DCGM repeats it for each
pod. So DCGM's side is reduced to one series per GPU instance before the two are joined. The first rule keeps what is of
files that are young enough; the others rest on it.
*/}}
{{- define "gpu-sessions.rules.mig" -}}
{{- $form := .prometheus.labels -}}
{{- $alert := .prometheusRule.alerts.MIGHighUtilization -}}
{{- $gpuInstance := "cluster, gpu_uuid, gpu_instance_id" -}}
{{- $weight := printf "max by (%s) (gpu_instance_compute_fraction)" $gpuInstance -}}
{{- $utilization := "gpu_instance:gpu_mig_utilization:percent" -}}
{{- $where := include "gpu-sessions.saysWhere" . -}}
- record: {{ $utilization }}
  expr: |-
    max by ({{ $gpuInstance }}) (
      {{ include "gpu-sessions.dcgmInstance" `DCGM_FI_PROF_GR_ENGINE_ACTIVE{GPU_I_ID!=""}` }}
    )
    * {{ include "gpu-sessions.number" .prometheus.dcgmScale }}
    and on ({{ $gpuInstance }}) (gpu_instance_compute_fraction {{ include "gpu-sessions.fresh" . }})
- record: gpu:gpu_mig_utilization:weighted
  # Over the instances of which DCGM says something: what is not known is no 0.
  expr: |-
    sum by (cluster, instance, node, gpu, gpu_uuid) (
      {{ include "gpu-sessions.placedWeight" . | nindent 6 | trim }}
      * on ({{ $gpuInstance }}) group_left () {{ $utilization }}
    )
    /
    sum by (cluster, instance, node, gpu, gpu_uuid) (
      {{ include "gpu-sessions.placedWeight" . | nindent 6 | trim }}
      and on ({{ $gpuInstance }}) {{ $utilization }}
    )
- record: pod:gpu_mig_utilization:weighted
  # How busy the instances are that the pod holds or runs on; one that several pods share counts for each of them.
  expr: |-
    sum by (cluster, namespace, pod) (
      {{ include "gpu-sessions.migHolders" . | nindent 6 | trim }}
      * on ({{ $gpuInstance }}) group_left () ({{ $utilization }} * on ({{ $gpuInstance }}) {{ $weight }})
    )
    /
    sum by (cluster, namespace, pod) (
      {{ include "gpu-sessions.migHolders" . | nindent 6 | trim }}
      * on ({{ $gpuInstance }}) group_left () ({{ $weight }} and on ({{ $gpuInstance }}) {{ $utilization }})
    )
- alert: MIGHighUtilization
  expr: |-
    gpu:gpu_mig_utilization:weighted > {{ include "gpu-sessions.number" $alert.above }}
  summary: >-
    The MIG instances of GPU [[ $labels.gpu ]] of {{ $where }} are [[ printf "%.1f" $value ]] % busy
  description: >-
    Weighted by their size, the MIG instances of GPU [[ $labels.gpu ]] of {{ $where }} have been
    [[ printf "%.1f" $value ]] % busy for {{ $alert.for }}. If work waits for them, consider larger instances or whole GPUs.
{{- end -}}

{{/* A vector of DCGM's with the labels that name a GPU instance as ours do. */}}
{{- define "gpu-sessions.dcgmInstance" -}}
label_replace(label_replace({{ . }}, "gpu_uuid", "$1", "UUID", "(.+)"), "gpu_instance_id", "$1", "GPU_I_ID", "(.+)")
{{- end -}}

{{/* The weight of each GPU instance with the node and the index of its GPU. */}}
{{- define "gpu-sessions.placedWeight" -}}
max by (cluster, instance, node, gpu_uuid, gpu_instance_id) (
  {{ include "gpu-sessions.clear" (list .prometheus.labels "gpu_instance_compute_fraction" "node") }}
)
* on (cluster, instance, gpu_uuid) group_left (gpu)
max by (cluster, instance, gpu_uuid, gpu) (label_replace(gpu_info, "gpu_uuid", "$1", "uuid", "(.+)"))
{{- end -}}

{{/*
Pods by GPU instance, value 1: those that hold a compute instance in it or run there. Where the kubelet's state could
not be read, those that DCGM names.
*/}}
{{- define "gpu-sessions.migHolders" -}}
{{- $form := .prometheus.labels -}}
{{- $dcgm := .prometheus.dcgmLabels -}}
{{- $named := printf `DCGM_FI_PROF_GR_ENGINE_ACTIVE{GPU_I_ID!="",%s!=""}` (include "gpu-sessions.label" (list $dcgm "pod")) -}}
group by (cluster, namespace, pod, gpu_uuid, gpu_instance_id) (
  {{ include "gpu-sessions.clear" (list $form `(gpu_allocation_info or gpu_process_info{status="active",pod_uid!=""})` "namespace" "pod") }}
  * on (cluster, instance, gpu) group_left (gpu_uuid, gpu_instance_id)
  max by (cluster, instance, gpu, gpu_uuid, gpu_instance_id) (gpu_mig_info)
  or
  {{ include "gpu-sessions.dcgmInstance" (include "gpu-sessions.clear" (list $dcgm $named "namespace" "pod")) }}
  unless on (cluster, gpu_uuid) (gpu_mig_info {{ include "gpu-sessions.stage" "allocations" }})
)
{{- end -}}
