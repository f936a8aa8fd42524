"""Makes a node of any size in the shape of Fixtures/nodes.

The node's files, what nvidia-smi answers there and what the kubelet has handed out are made apart: one large node can
be asked about few of its processes.
"""

import functools
import json
import pathlib
import re

from scale_model import Container, Device, placements

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
    load, memory = (process.index % 101, process.memory) if known else ("-", "-")
    return (f"{device.gpu:>5} {process.pid:>10}     C {load:>6} {load:>6}      -      -      -      - {memory:>6}"
            f"      -    {process.command}\n")


def instance_list(on):
    """What -L prints."""
    lines = []
    for device in on:
        if not device.instance:
            lines.append(f"GPU {device.gpu}: NVIDIA H100 80GB HBM3 (UUID: {device.parent_uuid})\n")
        if device.instance is not None:
            lines.append(f"  MIG 1g.10gb     Device {device.instance:>2}: (UUID: {device.uuid})\n")
    return "".join(lines)


def element(name, text):
    """The first such element of a document with the blanks before and the line end after it."""
    return re.search(rf"[ \t]*<{name}[ >].*?</{name}>\n", text, re.DOTALL).group()


def filled(template, **values):
    """The element with the first of each of the named leaves set."""
    for name, value in values.items():
        template = re.sub(rf"<{name}>[^<]*<", f"<{name}>{value}<", template, count=1)
    return template


def document(placed, on):
    """What -q -x prints: the first GPU of the fixture, its instances and processes exchanged."""
    whole = (SHAPE / "nvidia-smi/query-xml.stdout").read_text()
    gpu = element("gpu", whole)
    instance, row = element("mig_device", gpu), element("process_info", gpu)
    before, rest = gpu.split(instance, 1)
    middle, after = rest[rest.rindex("</mig_device>\n"):].split(row, 1)
    after = after[after.rindex("</process_info>\n"):]
    middle, after = middle.partition("\n")[2], after.partition("\n")[2]
    gpus = []
    for index in sorted({device.gpu for device in on}):
        instances = "".join(
            filled(instance, index=device.instance, gpu_instance_id=7 + device.instance, compute_instance_id=0)
            for device in on if device.gpu == index)
        rows = "".join(
            filled(row, gpu_instance_id=7 + device.instance, compute_instance_id=0, pid=process.pid,
                   process_name=f"/usr/bin/{process.command}", used_memory=f"{process.memory} MiB")
            for device, process in placed if device.gpu == index)
        gpus.append(before + instances + filled(middle, uuid=Device(index).parent_uuid) + rows + after)
    return whole.replace(whole[whole.index(gpu):whole.index("</nvidia_smi_log>")], "\n".join(gpus))


def write_answers(node, listed, on):
    """What nvidia-smi answers when these processes run on these devices; returns {(gpu, pid): (device, process)}."""
    answers, placed = node / "nvidia-smi", placements(listed, on)
    first = {device.gpu: device for device in reversed(on)}
    used = {gpu: sum(process.memory for device, process in placed if device.gpu == gpu) for gpu in first}
    rows = [gpu_row(first[gpu], used[gpu] + 20) for gpu in sorted(first)]
    write(answers / "query-gpu.stdout", GPU_HEADER + "".join(rows))
    apps = (f"{device.parent_uuid}, {process.pid}, {process.memory} MiB, /usr/bin/{process.command}\n"
            for device, process in placed)
    write(answers / "query-compute-apps.stdout", "gpu_uuid, pid, used_gpu_memory [MiB], process_name\n" + "".join(apps))
    head = "# gpu         pid   type     sm    mem    enc    dec    jpg    ofa     fb   ccpm    command \n"
    idle = (f"{gpu:>5}          -     -      -      -      -      -      -      -      -      -    -\n"
            for gpu in first if gpu not in {device.gpu for device, _ in placed})
    write(answers / "pmon.stdout", head + "".join(pmon_row(*pair) for pair in placed) + "".join(idle))
    write(answers / "list.stdout", instance_list(on))
    if on[0].instance is not None:
        write(answers / "query-xml.stdout", document(placed, on))
    return {(device.label, str(process.pid)): (device, process) for device, process in placed}
