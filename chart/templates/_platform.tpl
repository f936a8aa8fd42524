{{/*
The platforms that the labels and the system of a workload's nodes show, as YAML `platforms: [{name, preset}]`, and its
preset. Bottlerocket is asked for before EKS, on which it runs. Takes a dict: `workload`, `cluster`.
*/}}
{{- define "gpu-sessions.platforms" -}}
{{- $platforms := list -}}
{{- range .cluster -}}
  {{- if has .name $.workload.nodes -}}
    {{- $keys := keys .labels | sortAlpha | join " " | printf " %s" -}}
    {{- if contains " cloud.google.com/gke-" $keys -}}
      {{- $ubuntu := eq (get .labels "cloud.google.com/gke-os-distribution") "ubuntu" -}}
      {{- $platforms = append $platforms (dict "name" (ternary "GKE with Ubuntu" "GKE with Container-Optimized OS" $ubuntu) "preset" (ternary "gke-ubuntu" "gke-cos" $ubuntu)) -}}
    {{- else if or (contains "Bottlerocket" .system) (contains " bottlerocket.aws/" $keys) -}}
      {{- $platforms = append $platforms (dict "name" "Bottlerocket" "preset" "bottlerocket") -}}
    {{- else if or (contains " eks.amazonaws.com/" $keys) (contains " alpha.eksctl.io/" $keys) -}}
      {{- $platforms = append $platforms (dict "name" "EKS" "preset" "eks") -}}
    {{- else if contains " kubernetes.azure.com/" $keys -}}
      {{- $platforms = append $platforms (dict "name" "AKS" "preset" "aks") -}}
    {{- else if contains " node.openshift.io/" $keys -}}
      {{- $platforms = append $platforms (dict "name" "OpenShift" "preset" "openshift") -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
{{- dict "platforms" ($platforms | uniq) | toYaml -}}
{{- end -}}

{{/*
"yes" if a preset changes nothing of the values but what selects nodes: then it is in force, or they say the same. Takes a
dict: `root`, `values`, `preset`.
*/}}
{{- define "gpu-sessions.inForce" -}}
{{- $preset := omit (.root.Files.Get (printf "presets/%s.yaml" .preset) | fromYaml) "nodeSelector" "affinity" "tolerations" -}}
{{- $before := .values | toJson | fromJson -}}
{{- if eq (mergeOverwrite (deepCopy $before) $preset | toJson) ($before | toJson) -}}yes{{- end -}}
{{- end -}}

{{/* A line for each platform: the preset is in force, or its name. Takes a dict: `root`, `plan` (the workloads). */}}
{{- define "gpu-sessions.platformNotes" -}}
{{- $notes := list -}}
{{- range $workload := .plan.workloads -}}
  {{- range (include "gpu-sessions.platforms" (dict "workload" . "cluster" $.plan.cluster) | fromYaml).platforms -}}
    {{- $values := (first $workload.groups).values -}}
    {{- if include "gpu-sessions.inForce" (dict "root" $.root "values" $values "preset" .preset) -}}
      {{- $notes = append $notes (printf "%s: nodes of %s, and what its preset says is in force." $workload.name .name) -}}
    {{- else -}}
      {{- $notes = append $notes (printf "%s: nodes of %s. Its preset, which is NOT in force: --values presets/%s.yaml" $workload.name .name .preset) -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
{{- dict "notes" $notes | toYaml -}}
{{- end -}}
