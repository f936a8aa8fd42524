#!/bin/sh
# The same main series by the usual means of a shell exporter: for each field of each row a grep, a cut, a sed.
# It is not made slower than it need be: directories are listed once, and what is known of a pod is not looked up again.
# It leaves out start times, bandwidth, problems and stages, clamps nothing, escapes nothing, and believes every row.
# Usage: collector.sh NVIDIA_SMI HOST_ROOT OUTPUT all|sessions; the latter without what the kubelet has handed out.
set -eu
smi=$1 root=$2 output=$3 part=$4
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/families"
touch "$work/sessions" "$work/names"

ask() {
  "$smi" --query-gpu=index,uuid,pci.bus_id,name,driver_version,mig.mode.current,utilization.gpu,memory.total,memory.used,temperature.gpu,power.draw,power.limit --format=csv | sed 1d >"$work/gpus"
  "$smi" --query-compute-apps=gpu_uuid,pid,used_gpu_memory --format=csv | sed 1d >"$work/apps"
  "$smi" pmon -c 1 -s u | grep -v '^#' >"$work/pmon"
  ls "$root/var/log/containers" >"$work/links"
  ls "$root/var/log/pods" >"$work/pods"
}

field() { # ROW NUMBER, the unit removed
  echo "$1" | cut -d, -f"$2" | sed -e 's/^ *//' -e 's/ [%MiBW]*$//'
}

add() { # FAMILY LABELS_AND_VALUE
  echo "$1$2" >>"$work/families/$1"
}

annotation() { # FILE KEY
  sed -n "s/.*\"io.kubernetes.cri.$2\": \"\([^\"]*\)\".*/\1/p" "$1"
}

name_by_runtime() { # PID: the bundle of its container, else the conmon above it
  bundle=$root/run/containerd/io.containerd.runtime.v2.task/k8s.io/$id/config.json
  monitor=$root/proc/$(sed 's/.*) //' "$root/proc/$1/stat" | cut -d' ' -f2)
  if [ -f "$bundle" ]; then
    pod=$(annotation "$bundle" sandbox-name) namespace=$(annotation "$bundle" sandbox-namespace)
    container=$(annotation "$bundle" container-name)
  elif [ -f "$monitor/cmdline" ] && name=$(tr '\0' '\n' <"$monitor/cmdline" | grep '^k8s_'); then
    pod=$(echo "$name" | cut -d_ -f3) namespace=$(echo "$name" | cut -d_ -f4) container=$(echo "$name" | cut -d_ -f2)
  else
    pod=pod-$uid
  fi
}

name_container() { # PID
  uid=$(echo "$cgroup" | sed 's/.*-pod\([0-9a-f_]*\)\.slice.*/\1/' | tr _ -)
  id=$(echo "$cgroup" | grep -o '[0-9a-f]\{64\}')
  if link=$(grep -e "-$id.log" "$work/links"); then
    pod=$(echo "$link" | cut -d_ -f1) namespace=$(echo "$link" | cut -d_ -f2)
    container=$(echo "$link" | cut -d_ -f3 | sed 's/-[0-9a-f]*\.log$//')
  else
    name_by_runtime "$1"
  fi
  echo "$uid $pod $namespace" >>"$work/names"
}

name_user() { # PID
  number=$(grep '^Uid:' "$root/proc/$1/status" | cut -f2)
  user=$(grep ":x:$number:" "$root/etc/passwd" | cut -d: -f1)
  unit=$(sed 's/.*\///' "$root/proc/$1/cgroup")
}

write_process() { # ROW
  device=$(field "$1" 1) pid=$(field "$1" 2) memory=$(field "$1" 3)
  pod='' namespace='' container='' uid='' user='' unit=''
  gpu=$(grep "$device" "$work/gpus" | cut -d, -f1)
  row=$(grep "^ *$gpu  *$pid " "$work/pmon" | tr -s ' ')
  type=$(echo "$row" | cut -d' ' -f4)
  load=$(echo "$row" | cut -d' ' -f5)
  command=$(sed -e 's/[^(]*(//' -e 's/).*//' "$root/proc/$pid/stat")
  if cgroup=$(grep kubepods "$root/proc/$pid/cgroup"); then name_container "$pid"; else name_user "$pid"; fi
  owner="pod=\"$pod\",namespace=\"$namespace\",container=\"$container\""
  labels="gpu=\"$gpu\",pid=\"$pid\",command=\"$command\",$owner"
  more="status=\"active\",gpu_memory=\"${memory}MiB\",uuid=\"$device\",type=\"$type\""
  more="$more,pod_uid=\"$uid\",user=\"$user\",unit=\"$unit\""
  add gpu_process_info "{$labels,$more} 1"
  add gpu_process_memory_bytes "{$labels} $((memory * 1048576))"
  if [ "$load" != - ]; then add gpu_process_utilization "{$labels} $load"; fi
  echo "gpu=$gpu;" >>"$work/sessions"
}

write_gpu() { # ROW
  gpu=$(field "$1" 1) device=$(field "$1" 2)
  labels="gpu=\"$gpu\",uuid=\"$device\""
  more="name=\"$(field "$1" 4)\",pci_bus_id=\"$(field "$1" 3)\",driver_version=\"$(field "$1" 5)\""
  add gpu_info "{$labels,$more,mig_mode=\"$(field "$1" 6)\"} 1"
  add gpu_utilization "{$labels} $(field "$1" 7)"
  add gpu_memory_total_bytes "{$labels} $(($(field "$1" 8) * 1048576))"
  add gpu_memory_used_bytes "{$labels} $(($(field "$1" 9) * 1048576))"
  add gpu_temperature_celsius "{$labels} $(field "$1" 10)"
  add gpu_power_watts "{$labels} $(field "$1" 11)"
  add gpu_session_count "{gpu=\"$gpu\"} $(grep -c "gpu=$gpu;" "$work/sessions")"
}

value() { # ENTRY KEY
  echo "$1" | sed "s/.*\"$2\": \"\([^\"]*\)\".*/\1/"
}

write_allocation() { # ENTRY of the kubelet's checkpoint
  uid=$(value "$1" PodUID) container=$(value "$1" ContainerName) resource=$(value "$1" ResourceName)
  device=$(echo "$1" | sed 's/.*\["\([^"]*\)::.*/\1/')
  gpu=$(grep "$device" "$work/gpus" | cut -d, -f1)
  if name=$(grep "_$uid\$" "$work/pods"); then
    pod=$(echo "$name" | cut -d_ -f2) namespace=$(echo "$name" | cut -d_ -f1)
  elif name=$(grep -m 1 "^$uid " "$work/names"); then
    pod=$(echo "$name" | cut -d' ' -f2) namespace=$(echo "$name" | cut -d' ' -f3)
  else
    pod=pod-$uid namespace=''
  fi
  labels="gpu=\"$gpu\",uuid=\"$device\",resource=\"$resource\",pod=\"$pod\",namespace=\"$namespace\""
  add gpu_allocation_info "{$labels,container=\"$container\",pod_uid=\"$uid\"} 1"
}

checkpoint=$root/var/lib/kubelet/device-plugins/kubelet_internal_checkpoint
ask
while IFS= read -r row; do write_process "$row"; done <"$work/apps"
while IFS= read -r row; do write_gpu "$row"; done <"$work/gpus"
if [ "$part" = all ]; then
  sed 's/{"PodUID"/\n&/g' "$checkpoint" | grep PodUID >"$work/entries"
  while IFS= read -r row; do write_allocation "$row"; done <"$work/entries"
fi
add gpu_total_sessions " $(grep -c gpu= "$work/sessions")"
for file in "$work/families"/*; do
  name=$(basename "$file")
  printf '# HELP %s By a shell script.\n# TYPE %s gauge\n' "$name" "$name"
  cat "$file"
done >"$output.tmp"
chmod 644 "$output.tmp"
mv "$output.tmp" "$output"
