"""A node whose /proc is the machine's own: as many processes really sleep there, in cgroups named as the kubelet's.

The tree of the node stays made; /proc is mounted over its proc in a mount namespace that only the measured programs are
in. Of a container whose name only conmon knows on a made node there is a bundle here: no conmon runs.
"""

import contextlib
import dataclasses
import fcntl
import os
import pathlib
import shutil
import subprocess

import beside  # noqa: F401

import containerd
import kubepods
import measuring
import scale_model

# Cgroups that nobody else makes where no kubelet runs.
OURS = ("kubepods", "cri-containerd-", "session-bench")


class Container(scale_model.Container):
    """A container of containerd, all of them."""

    @property
    def named_by(self):
        named_by = super().named_by
        return "bundle" if named_by == "conmon" else named_by


@dataclasses.dataclass(frozen=True)
class Sleeper(scale_model.Process):
    """A process that is really there."""

    real: int = 0

    @property
    def pid(self):
        return self.real

    @property
    def cgroup(self):
        """Not that of a session which somebody has here."""
        return super().cgroup.replace("session-", "session-bench")


def hierarchy():
    """Where cgroups of version 2 are; None without."""
    places = (kubepods.CGROUPS, kubepods.CGROUPS / "unified")
    return next((path for path in places if (path / "cgroup.controllers").exists()), None)


def why_not(count):
    """Why no such node can be had here; None where it can."""
    limit = int(pathlib.Path("/proc/sys/kernel/pid_max").read_text())
    if os.geteuid() != 0:
        return "not root"
    if os.readlink("/proc/self/ns/pid") != containerd.INITIAL_PID_NAMESPACE:
        return "in a PID namespace, and nvidia-smi's PIDs are the host's"
    if hierarchy() is None or not os.access(hierarchy(), os.W_OK):
        return "no cgroups of version 2 that could be written to"
    if any(comm.strip() in containerd.KUBELETS for _, comm in containerd.processes("comm")):
        return "a kubelet runs here, which ends pods that it does not know"
    if count > limit - 2_000:
        return f"no more than {limit} processes may run"
    probe = [*inside(pathlib.Path("/")), "true"]
    if shutil.which(probe[0]) is None or subprocess.run(probe, capture_output=True, check=False).returncode != 0:
        return "no mount namespace"
    return None


def inside(root):
    """What goes before a command so that it finds the machine's /proc below this root, and no other command does."""
    script = 'mount --rbind /proc "$0" && exec "$@"'
    return ["unshare", "--mount", "--propagation", "private", "sh", "-c", script, str(root / "proc")]


def below(directory, top):
    """The directories from the top one, which is not among them, to this one."""
    return [path for path in reversed([directory, *directory.parents]) if path.is_relative_to(top) and path != top]


def is_occupied(directory):
    return bool((directory / "cgroup.procs").read_text())


def remove(directory):
    """Removes the cgroup, unless others in it are not ours."""
    if directory.exists() and not kubepods.subdirectories(directory):
        directory.rmdir()


class Cgroups(contextlib.ExitStack):
    """Makes cgroups, and removes on exit those that were not there and what is empty of those of pods."""

    def __init__(self):
        super().__init__()
        # One at a time: of two, neither could tell what it has to remove.
        lock = os.open(kubepods.CGROUPS, os.O_RDONLY | os.O_CLOEXEC)
        self.callback(os.close, lock)
        fcntl.flock(lock, fcntl.LOCK_EX)
        self.known = set()

    def make(self, path):
        """The cgroup of this path as processes see it; one that others use is an error."""
        directory = hierarchy() / path.lstrip("/")
        for one in below(directory, hierarchy()):
            if one not in self.known:
                self.known.add(one)
                self.make_one(one)
        if is_occupied(directory):
            raise RuntimeError(f"{directory} is somebody else's")
        return directory

    def make_one(self, directory):
        """One directory. What is there already may be left from a run that was killed: no kubelet has those of pods."""
        if not directory.exists() or directory.name.startswith(OURS):
            self.callback(remove, directory)
        directory.mkdir(exist_ok=True)


def as_line(sleeper, cgroups):
    """What sleepers.c is told of one of them."""
    return f"{0 if sleeper.container else sleeper.uid} {sleeper.command} {cgroups[sleeper.cgroup]}\n"


@contextlib.contextmanager
def sleeping(listed, directory):
    """[Sleeper] for each process of a made node, while they run."""
    wanted = [Sleeper(one.index, one.container and Container(one.container.pod_index, one.container.number))
              for one in listed]
    with Cgroups() as cgroups:
        made = {path: cgroups.make(path) for path in sorted({one.cgroup for one in wanted})}
        cgroups.callback(containerd.wait_for, "sleepers to end", lambda: not any(map(is_occupied, made.values())))
        (directory / "sleepers").write_text("".join(as_line(one, made) for one in wanted))
        # In a session of its own: it ends its whole group, and a key that interrupts us must not end it before.
        with subprocess.Popen([measuring.built() / "sleepers", directory / "sleepers"], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True, start_new_session=True) as launcher:
            pids = [int(launcher.stdout.readline() or 0) for _ in wanted]
            if not all(pids):
                raise RuntimeError("not all sleepers have started")
            yield [dataclasses.replace(one, real=pid) for one, pid in zip(wanted, pids)]
