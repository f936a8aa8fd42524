"""Makes a node of any size in the shape of Fixtures/nodes.

The node's files, what nvidia-smi answers there and what the kubelet has handed out are made apart: one large node can
be asked about few of its processes.
"""

import collections
import functools
import json
import pathlib

from scale_model import Container, placements

SHAPE = pathlib.Path(__file__).resolve().parents[2] / "Fixtures/nodes/h100-mig-mixed"
BUNDLES = "run/containerd/io.containerd.runtime.v2.task/k8s.io"
GPU_HEADER = (
    "index, uuid, pci.bus_id, name, driver_version, mig.mode.current, utilization.gpu [%], memory.total [MiB],"
    " memory.used [MiB], temperature.gpu, power.draw [W], power.limit [W]\n"
)


def write(path, text):
    """Writes a file, its directory made if need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@functools.cache
def stat_tail():
    """What follows the parent in /proc/PID/stat, of a process that started well before any sample."""
    return (SHAPE / "root/proc/21180/stat").read_text().rsplit(") ", 1)[1].split(" ", 2)[2]


def stat_line(pid, command, parent):
    """/proc/PID/stat of one process."""
    return f"{pid} ({command}) S {parent} {stat_tail()}"


def write_process(root, process):
    """What /proc has of one process; `status` of all, so that opening it in vain would succeed."""
    directory = root / "proc" / str(process.pid)
    directory.mkdir(parents=True)
    monitor = process.container.monitor if process.container else 1
    (directory / "stat").write_text(stat_line(process.pid, process.command, monitor))
    (directory / "cgroup").write_text(f"0::{process.cgroup}\n")
    (directory / "status").write_text(f"Uid:\t{process.uid}\t{process.uid}\t0\t0\nNSpid:\t{process.pid}\n")


def write_log(root, container):
    """The pod's log directory and the container's link, as the kubelet keeps them."""
    (root / "var/log/pods" / container.log).parent.mkdir(parents=True, exist_ok=True)
    name = f"{container.pod}_{container.namespace}_{container.name}-{container.id}.log"
    (root / "var/log/containers" / name).symlink_to(f"/var/log/pods/{container.log}")


def write_bundle(root, container):
    """What containerd keeps of the container."""
    keys = {"container-type": "container", "container-name": container.name, "sandbox-name": container.pod,
            "sandbox-namespace": container.namespace, "sandbox-uid": container.pod_uid}
    bundle = {"annotations": {f"io.kubernetes.cri.{key}": value for key, value in keys.items()},
              "linux": {"cgroupsPath": f"{container.slice}:cri-containerd:{container.id}"}}
    write(root / BUNDLES / container.id / "config.json", json.dumps(bundle))


def write_monitor(root, container):
    """The conmon above the container."""
    name = f"k8s_{container.name}_{container.pod}_{container.namespace}_{container.pod_uid}_0"
    directory = root / "proc" / str(container.monitor)
    write(directory / "stat", stat_line(container.monitor, "conmon", 1))
    write(directory / "cgroup", f"0::/system.slice/crio-conmon-{container.id}.scope\n")
    write(directory / "status", "Uid:\t0\t0\t0\t0\n")
    write(directory / "cmdline", "\0".join(["/usr/bin/conmon", "-c", container.id, "-n", name, ""]))


def write_links(root, pods, links):
    """/var/log of all pods that have one, with exactly that many links, those of finished containers included."""
    logged = [pod for pod in range(pods) if Container(pod, 0).named_by == "log"]
    (root / "var/log/containers").mkdir(parents=True)
    for index in range(links):
        write_log(root, Container(logged[index % len(logged)], index // len(logged)))


def write_kubelet(directory, pods, on):
    """The kubelet's checkpoint: the first container of each pod holds one device, which several pods share."""
    resource = "nvidia.com/gpu" if on[0].instance is None else "nvidia.com/mig-1g.10gb"
    entries = [
        {"PodUID": Container(pod, 0).pod_uid, "ContainerName": Container(pod, 0).name, "ResourceName": resource,
         "DeviceIDs": {"0": [f"{on[pod % len(on)].uuid}::{pod // len(on)}"]}, "AllocResp": "CkIK"}
        for pod in range(pods)
    ]
    checkpoint = {"Data": {"PodDeviceEntries": entries, "RegisteredDevices": {}}, "Checksum": 1}
    write(directory / "device-plugins/kubelet_internal_checkpoint", json.dumps(checkpoint))


def write_cgroups(root, pods):
    """The part of the cgroup tree that shows which pods are alive: all."""
    tree = root / "sys/fs/cgroup"
    write(tree / "cgroup.controllers", "memory pids\n")
    for pod in range(pods):
        (tree / "kubepods.slice/kubepods-burstable.slice" / Container(pod, 0).slice).mkdir(parents=True)


def write_root(root, listed, pods=500, links=2_000):
    """All files of a node on which the processes run."""
    for name in ("proc/uptime", "proc/stat", "proc/2/stat", "proc/2/cgroup"):
        write(root / name, (SHAPE / "root" / name).read_text())
    write(root / "proc/1/cgroup", "0::/init.scope\n")
    (root / "proc/self/ns").mkdir(parents=True)
    (root / "proc/self/ns/pid").symlink_to((SHAPE / "root/proc/self/ns/pid").readlink())
    write(root / "etc/passwd", "".join(f"user{uid}:x:{uid}:{uid}::/:/bin/sh\n" for uid in range(1000, 1008)))
    for process in listed:
        write_process(root, process)
    containers = {process.container for process in listed if process.container}
    for container in containers:
        {"bundle": write_bundle, "conmon": write_monitor}.get(container.named_by, lambda *_: None)(root, container)
    # Where CRI-O keeps its containers, so that a container is looked for there and not given up above.
    (root / "var/lib/containers/storage/overlay-containers").mkdir(parents=True, exist_ok=True)
    write_links(root, pods, links)
    write_cgroups(root, pods)


def gpu_row(device, used):
    """One row of --query-gpu."""
    mode, load = ("Disabled", "64 %") if device.instance is None else ("Enabled", "[N/A]")
    return (f"{device.gpu}, {device.parent_uuid}, 00000000:{16 * device.gpu + 3:02X}:00.0, NVIDIA H100 80GB HBM3,"
            f" 590.48.01, {mode}, {load}, 81559 MiB, {used} MiB, 47, 301.77 W, 700.00 W\n")


def pmon_row(device, process):
    """One row of pmon, which measures nothing under MIG."""
    known = device.instance is None
    load = process.index % 101 if known else "-"
    return f"{device.gpu:>5} {process.pid:>10}     C {load:>6} {load:>6}      -      -      -      -    {process.command:<15}\n"


def instance_list(on):
    """What -L prints."""
    lines = []
    for device in on:
        if not device.instance:
            lines.append(f"GPU {device.gpu}: NVIDIA H100 80GB HBM3 (UUID: {device.parent_uuid})\n")
        if device.instance is not None:
            lines.append(f"  MIG 1g.10gb     Device {device.instance:>2}: (UUID: {device.uuid})\n")
    return "".join(lines)


RULE = f"+{'-' * 89}+\n"
INSTANCES = f"""{RULE}| MIG devices:                                                                            |
+------------------+----------------------------------+-----------+-----------------------+
| GPU  GI  CI  MIG |              Shared Memory-Usage |        Vol|        Shared         |
|      ID  ID  Dev |                Shared BAR1-Usage | SM     Unc| CE ENC  DEC  OFA  JPG |
|                  |                                  |        ECC|                       |
|==================+==================================+===========+=======================|
"""
INSTANCE_END = """|                  |               0MiB /  6184MiB    |           |                       |
+------------------+----------------------------------+-----------+-----------------------+
"""
PROCESSES = f"""
{RULE}| Processes:                                                                              |
|  GPU   GI   CI              PID   Type   Process name                        GPU Memory |
|        ID   ID                                                               Usage      |
|{'=' * 89}|
"""


def instance_row(device, used):
    """The rows of one MIG instance in the table."""
    return (f"| {device.gpu:>2}  {7 + device.instance:>3}   0  {device.instance:>2}  |"
            f" {used:>15}MiB /  9984MiB    | 16      0 |  1   0    1    0    1 |\n" + INSTANCE_END)


def process_row(device, process):
    """One row of the processes in the table."""
    instance = "N/A  N/A" if device.instance is None else f"{7 + device.instance:>3}    0"
    return (f"| {device.gpu:>4}   {instance} {process.pid:>15}      C   {'/usr/bin/' + process.command:<37}"
            f" {process.memory:>5}MiB |\n")


def table(placed, on):
    """What nvidia-smi prints without arguments, without the GPUs: nothing reads them."""
    used = collections.Counter()
    for device, process in placed:
        used[device] += process.memory
    instances = "".join(instance_row(device, 9 + used[device]) for device in on if device.instance is not None)
    rows = "".join(process_row(*pair) for pair in placed)
    return (INSTANCES + instances if instances else "") + PROCESSES + rows + RULE


def write_answers(node, listed, on):
    """What nvidia-smi answers when these processes run on these devices; returns {(gpu, pid): (device, process)}."""
    answers, placed = node / "nvidia-smi", placements(listed, on)
    first = {device.gpu: device for device in reversed(on)}
    used = {gpu: sum(process.memory for device, process in placed if device.gpu == gpu) for gpu in first}
    rows = [gpu_row(first[gpu], used[gpu] + 20) for gpu in sorted(first)]
    write(answers / "query-gpu.stdout", GPU_HEADER + "".join(rows))
    apps = (f"{device.parent_uuid}, {process.pid}, {process.memory} MiB\n" for device, process in placed)
    write(answers / "query-compute-apps.stdout", "gpu_uuid, pid, used_gpu_memory [MiB]\n" + "".join(apps))
    head = "# gpu         pid   type     sm    mem    enc    dec    jpg    ofa    command \n"
    idle = (f"{gpu:>5}          -     -      -      -      -      -      -      -    -              \n"
            for gpu in first if gpu not in {device.gpu for device, _ in placed})
    write(answers / "pmon.stdout", head + "".join(pmon_row(*pair) for pair in placed) + "".join(idle))
    write(answers / "list.stdout", instance_list(on))
    write(answers / "table.stdout", table(placed, on))
    return {(device.label, str(process.pid)): (device, process) for device, process in placed}
