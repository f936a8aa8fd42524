"""A node as those of Fixtures/nodes, but with pods of a real containerd: the links, lists and kubelet's files around them."""

import subprocess

import containerd
import kubepods

GPUS = ["GPU-6c1b1f0e-8f3c-5a53-9d0e-3b1f6a2c7d10", "GPU-0d9a4b52-71e6-5c1f-8a44-9e2d5f7b3c81"]
# What nvidia-smi answers before its rows; driver 595.
HEADERS = {
    "query-gpu": "index, uuid, pci.bus_id, name, driver_version, mig.mode.current, utilization.gpu [%],"
    " memory.total [MiB], memory.used [MiB], temperature.gpu, power.draw [W], power.limit [W]",
    "query-compute-apps": "gpu_uuid, pid, used_gpu_memory [MiB]",
    "pmon": "# gpu         pid   type     sm    mem    enc    dec    command \n"
    "# Idx           #    C/G      %      %      %      %    name ",
}
RULE = f"+{'-' * 89}+"
TABLE = f"""{RULE}
| Processes:                                                                              |
|  GPU   GI   CI              PID   Type   Process name                        GPU Memory |
|        ID   ID                                                               Usage      |
|{'=' * 89}|
"""


class Node:
    """Two pods in a real containerd and a process outside of pods, on two GPUs, laid out as a node of Fixtures."""

    def __init__(self, containerd, outside, driver):
        self.containerd, self.outside = containerd, outside
        self.directory = containerd.directory / "node"
        self.root = self.directory / "root"
        self.training = kubepods.Pod("ml-train", "llama-0", driver, "burstable")
        self.serving = kubepods.Pod("serving", "vllm-7d9c5b6f4-x2kqp", driver)
        # Its bundle names nobody: only the log directories can.
        self.trainer = kubepods.Container(self.training, "trainer", is_annotated=False)
        # No link has its ID, as in the moment before the kubelet makes it: the bundle must tell.
        self.exporter = kubepods.Container(self.training, "exporter")
        # Of its pod the log directories have nothing.
        self.server = kubepods.Container(self.serving, "server")
        self.removed = kubepods.Container(kubepods.Pod("ml-train", "llama-1", driver), "trainer")

    def make(self):
        """Starts the containers and writes the files: where there is a real one, it is mounted there."""
        for container in (self.trainer, self.exporter, self.server):
            self.containerd.run(container)
        for name, real in (("proc", "/proc"), ("sys", "/sys"), ("run/containerd", self.containerd.state)):
            place = self.root / name
            place.mkdir(parents=True)
            containerd.mount("--rbind", real, place)
            self.containerd.callback(subprocess.run, ["umount", "--lazy", place], check=True)
        (self.root / "etc").mkdir()
        (self.root / "etc/passwd").write_text("operator:x:0:0::/:/bin/sh\n")
        kubepods.write_log_link(self.root, self.trainer, kubepods.write_log_directory(self.root, self.trainer))
        kubepods.write_log_directory(self.root, self.exporter)
        kubepods.write_checkpoint(
            self.root, [(self.trainer, GPUS[:1]), (self.server, GPUS[1:]), (self.removed, GPUS)])
        self.list(self.everyone())

    def everyone(self):
        """[(GPU, PID, name)] of all processes. Of the one outside nvidia-smi has no name, so it is the kernel's."""
        names = [(0, container.pid, "/usr/bin/python3") for container in (self.trainer, self.exporter)]
        return names + [(1, self.server.pid, "/usr/bin/python3"), (0, self.outside.pid, "")]

    def list(self, listed):
        """Has nvidia-smi list these."""
        answers = self.directory / "nvidia-smi"
        answers.mkdir(exist_ok=True)
        write_answers(answers, listed)

    def at_real_root(self):
        """The same processes seen from /: none of the files written here, and containerd at no usual place."""
        other = self.containerd.directory / "other"
        other.mkdir()
        (other / "root").symlink_to("/")
        (other / "nvidia-smi").symlink_to(self.directory / "nvidia-smi")
        return other


def write_answers(directory, listed):
    """What the fake nvidia-smi answers when these [(GPU, PID, name)] are on the two GPUs.

    Its table leaves out a process without a name (580, H200).
    """
    gpus = [f"{gpu}, {uuid}, 00000000:0{gpu + 1}:00.0, NVIDIA L40S, 595.80, Disabled, 97 %, 46068 MiB, 9000 MiB,"
            " 61, 287.40 W, 350.00 W" for gpu, uuid in enumerate(GPUS)]
    apps = [f"{GPUS[gpu]}, {pid}, 1024 MiB" for gpu, pid, _ in listed]
    pmon = [f"    {gpu} {pid:>10}     C     20      7      -      -    -              " for gpu, pid, _ in listed]
    busy = {gpu for gpu, _, _ in listed}
    pmon += [f"    {gpu}          -     -      -      -      -      -    -              "
             for gpu in range(len(GPUS)) if gpu not in busy]
    for (query, header), rows in zip(HEADERS.items(), (gpus, apps, pmon)):
        (directory / f"{query}.stdout").write_text("\n".join([header, *rows]) + "\n")
    table = [f"| {gpu:>4}   N/A  N/A {pid:>15}      C   {name:<37}  1024MiB |\n" for gpu, pid, name in sorted(listed) if name]
    (directory / "table.stdout").write_text(f"{TABLE}{''.join(table)}{RULE}\n")
