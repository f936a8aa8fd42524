"""A node for one test: a containerd with its CRI in a mount namespace of our own, and directories that a kubelet uses."""

import os
import pathlib
import shlex
import sys

import beside  # noqa: F401
import images
import kubelet
import oci_runtime
import podspec

import containerd
import kubepods

# Emptied for the test: what is there on this machine is neither seen nor changed. node_exporter's directory is below.
EMPTIED = ("/var/log", "/var/lib")
MADE = ("/var/log/pods", "/var/log/containers", "/var/lib/kubelet/device-plugins")
CRI = "io.containerd.grpc.v1.cri"
HANDLERS = ("runc", "nvidia")


def enter():
    """A node's directories in place of this machine's."""
    containerd.enter_namespace()
    # As on a node with systemd, so that a pod's mounts are private because its manifest wants it.
    containerd.mount("--make-shared", "/run")
    for directory in EMPTIED:
        containerd.mount("-t", "tmpfs", "tmpfs", directory)


def prepare():
    """What the kubelet makes before the first pod, none of it left from an earlier node."""
    for directory in EMPTIED:
        containerd.mount("-t", "tmpfs", "tmpfs", directory)
    for directory in MADE:
        pathlib.Path(directory).mkdir(parents=True)


class ClusterNode(containerd.Containerd):
    """
    A containerd whose CRI is on, with its state at `state` and a runtime `nvidia` beside runc. `recursive`: it honours
    `recursiveReadOnly` as 2.0 does, by way of the runtime: the containerd of Debian 12 cannot.
    """

    def __init__(self, directory, state, default_handler, recursive):
        super().__init__(directory)
        self.state, self.default_handler, self.recursive = pathlib.Path(state), default_handler, recursive
        self.driver, self.recursive_paths = directory / "driver", directory / "recursive"
        # One path a line: a container without a cgroup of its pod above it has an ID in no place that is known here.
        self.cgroups_file = directory / "cgroups"
        self.kubelet = None

    @property
    def answers(self):
        """Where the fake nvidia-smi finds what to say."""
        return self.driver / "nvidia-smi.answers"

    def configuration(self):
        """The CRI's part. It sets no score below this machine's own, which may not be allowed; and no network: there is no CNI."""
        handlers = "".join(self.handler(name) for name in HANDLERS)
        return (
            f'{self.common()}[plugins."io.containerd.internal.v1.opt"]\npath = "{self.directory}/opt"\n'
            f'[plugins."{CRI}"]\nsandbox_image = "{images.PAUSE}"\nrestrict_oom_score_adj = true\n'
            f'disable_tcp_service = true\n[plugins."{CRI}".cni]\nconf_dir = "{self.directory}/cni"\n'
            f'[plugins."{CRI}".containerd]\ndefault_runtime_name = "{self.default_handler}"\n{handlers}')

    def handler(self, name):
        table = f'plugins."{CRI}".containerd.runtimes.{name}'
        return (f'[{table}]\nruntime_type = "io.containerd.runc.v2"\n'
                f'[{table}.options]\nBinaryName = "{self.directory}/{name}-runtime"\n')

    def write_handler(self, name):
        """The program of a handler: runc, with the driver before it in the one that is NVIDIA's."""
        variables = {"RUNTIME_CGROUPS": str(self.cgroups_file)}
        variables |= {"RUNTIME_DRIVER": str(self.driver)} if name == "nvidia" else {}
        variables |= {"RUNTIME_RECURSIVE": str(self.recursive_paths)} if self.recursive else {}
        variables |= {} if has_controllers() else {"RUNTIME_NO_LIMITS": "1"}
        settings = [f"{key}={value}" for key, value in variables.items()]
        command = shlex.join(["exec", "env", *settings, sys.executable, "-S", "-E", oci_runtime.__file__])
        program = self.directory / f"{name}-runtime"
        program.write_text(f'#!/bin/sh\n{command} "$@"\n')
        program.chmod(0o755)

    def start(self):
        """What containerd is to find, then containerd."""
        self.cgroups_file.touch()
        self.driver.mkdir()
        self.answers.mkdir()
        images.compile_static("nvidia-smi.c", self.driver / "nvidia-smi")
        for name in HANDLERS:
            self.write_handler(name)
        super().start()
        self.kubelet = kubelet.Kubelet(self.state / "containerd.sock")
        self.callback(self.kubelet.close)
        self.callback(self.kubelet.end)

    def cgroups(self):
        """Those of pods and those that containers were made with, in a pod's or not."""
        return super().cgroups() | {
            pathlib.PurePath(line.lstrip("/")) for line in self.cgroups_file.read_text(encoding="utf-8").splitlines()}

    def import_image(self, archive):
        done = self.ctr("images", "import", str(archive))
        if done.returncode != 0:
            raise RuntimeError(f"ctr images import: {done.stderr}")

    def run_pod(self, pod, spec):
        """The containers of a pod that runs from now on."""
        self.pods.add(pod)
        self.recursive_paths.write_text("".join(f"{path}\n" for path in podspec.recursive(spec)), encoding="utf-8")
        return self.kubelet.run(pod, spec)


def has_controllers():
    """Whether CPU and memory can be limited in the cgroups of this machine."""
    root = kubepods.CGROUPS
    if (root / "cgroup.controllers").exists():
        return {"cpu", "memory"} <= set((root / "cgroup.controllers").read_text().split())
    return all(os.access(root / name, os.W_OK) for name in ("cpu", "memory"))
