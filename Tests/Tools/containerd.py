"""A real containerd and runc, apart from any that is already on the machine.

It lives in a temporary directory and in a mount namespace of our own with an empty /run, so that no mount outlives us.
Whatever loses its parent becomes our child: at the end it is known what is left.
"""

import contextlib
import ctypes
import fcntl
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import kubepods

# runc may be where only root looks for programs.
ENVIRONMENT = os.environ | {"PATH": os.environ.get("PATH", "/usr/bin:/bin") + ":/usr/sbin:/sbin"}
TOOLS = ("containerd", "containerd-shim-runc-v2", "ctr", "runc")
INITIAL_PID_NAMESPACE = "pid:[4026531836]"
KUBELETS = {"kubelet", "kubelite", "k3s-server", "k3s-agent"}
PATIENCE_SECONDS = 30
# A container ends by itself: one that a killed test leaves behind does not stay.
LIFE_SECONDS = "600"
CLONE_NEWNS, PR_SET_CHILD_SUBREAPER = 0x00020000, 36


class Unable(Exception):
    """Why no container can be run here."""


def wait_for(what, condition):
    """Returns as soon as the condition holds; an error if it never does."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > give_up:
            raise TimeoutError(f"waited {PATIENCE_SECONDS} s for {what}")
        time.sleep(0.01)


def processes(name):
    """(PID, text) of that file of every process."""
    found = []
    for path in pathlib.Path("/proc").glob(f"[0-9]*/{name}"):
        try:
            found.append((int(path.parent.name), path.read_text(encoding="utf-8", errors="replace")))
        except OSError:
            pass  # It ended meanwhile.
    return found


def children():
    """{PID: name} of our children, those that were adopted included."""
    found = {}
    for pid, text in processes("stat"):
        name, _, rest = text.partition("(")[2].rpartition(")")
        if int(rest.split()[1]) == os.getpid():
            found[pid] = name
    return found


def unended(signal_number=0):
    """{PID: name} of the children that have not ended, each of which is sent the signal."""
    while found := children():
        for pid in found:
            os.kill(pid, signal_number)
        if os.waitpid(-1, os.WNOHANG)[0] == 0:
            return found
    return {}


def process_state(pid):
    """The letter that /proc has for the process; empty without one."""
    return next((text.rpartition(")")[2].split()[0] for other, text in processes("stat") if other == pid), "")


def mounts(directory):
    """What is mounted below the directory."""
    lines = pathlib.Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace").splitlines()
    return [f"mount {line.split()[1]}" for line in lines if line.split()[1].startswith(f"{directory}/")]


def require():
    """Raises Unable where no container can be run, or where its PIDs would not be the host's."""
    missing = [tool for tool in TOOLS if shutil.which(tool, path=ENVIRONMENT["PATH"]) is None]
    if os.geteuid() != 0:
        raise Unable("not root")
    if missing:
        raise Unable(f"not installed: {' '.join(missing)}")
    if os.readlink("/proc/self/ns/pid") != INITIAL_PID_NAMESPACE:
        raise Unable("in a PID namespace, and nvidia-smi's PIDs are the host's")
    if not kubepods.hierarchies() or not all(os.access(path, os.W_OK) for path in kubepods.hierarchies()):
        raise Unable(f"{kubepods.CGROUPS} is not writable")
    if any(comm.strip() in KUBELETS for _, comm in processes("comm")):
        raise Unable("a kubelet runs here, which ends pods that it does not know")


def conclude(results):
    """Prints how many steps went as expected. Exits with 1 if one did not."""
    print(f"{sum(results)} passed, {len(results) - sum(results)} failed")
    sys.exit(0 if all(results) else 1)


def prepare(program, enter):
    """Enters a namespace of our own; False, with the reason said, where no container can be run."""
    try:
        require()
        enter()
    except Unable as reason:
        print(f"{program}: skipped: {reason}")
        return False
    # So that a test that is terminated also cleans up.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(f"{program}: terminated"))
    return True


def enter_namespace():
    """Mounts of our own, with an empty /run, and every orphan for a child.

    One test at a time: of two, neither could tell which of the directories above the pods it has to remove.
    """
    fcntl.flock(os.open(kubepods.CGROUPS, os.O_RDONLY), fcntl.LOCK_EX)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNS) != 0 or libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise Unable(f"no mount namespace: {os.strerror(ctypes.get_errno())}")
    mount("--make-rprivate", "/")
    mount("-t", "tmpfs", "tmpfs", "/run")


def mount(*arguments):
    """mount(8) in our namespace."""
    if subprocess.run(["mount", *arguments], check=False).returncode != 0:
        raise Unable("mount is not permitted")


def prefer_version_2():
    """On a machine of both versions: cgroups of version 2 only, as on a machine that has no other."""
    if (kubepods.CGROUPS / "unified/cgroup.controllers").exists():
        mount("-t", "cgroup2", "cgroup2", str(kubepods.CGROUPS))


@contextlib.contextmanager
def directory():
    """A temporary directory for a containerd and what runs in it."""
    made = pathlib.Path(tempfile.mkdtemp(prefix="gpu-sessions-"))
    try:
        yield made
    finally:
        # Never through a mount that is still there: it has this machine's programs.
        if not mounts(made):
            shutil.rmtree(made)


class Containerd(contextlib.ExitStack):
    """A running containerd with its containers; on exit all of it is ended, and `left` says what did not end."""

    def __init__(self, directory):
        super().__init__()
        self.directory, self.pods, self.left, self.absent = directory, set(), [], kubepods.absent_parents()
        self.state = pathlib.Path("/run", directory.name)

    def __enter__(self):
        self.callback(kubepods.remove_empty, self.absent)
        self.callback(lambda: [kubepods.remove_cgroup(cgroup) for cgroup in self.cgroups()])
        self.callback(self.end_children)
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def start(self):
        """Starts the daemon and waits until it answers."""
        configuration = self.directory / "config.toml"
        configuration.write_text(self.configuration())
        with open(self.directory / "containerd.log", "wb") as log:
            # In a session of its own: a key that interrupts us must not end it before it has cleaned up.
            daemon = subprocess.Popen(
                ["containerd", "--config", configuration], env=ENVIRONMENT,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        self.callback(daemon.terminate)
        wait_for("containerd", lambda: daemon.poll() is not None or self.ctr("version").returncode == 0)
        if daemon.poll() is not None:
            raise RuntimeError(f"containerd ended: {(self.directory / 'containerd.log').read_text()[-2000:]}")

    def configuration(self):
        """containerd alone, without its CRI."""
        return f'disabled_plugins = ["io.containerd.grpc.v1.cri"]\n{self.common()}'

    def common(self):
        """Where it keeps everything and answers."""
        return (f'version = 2\nroot = "{self.directory}/root"\nstate = "{self.state}"\n'
                f'[grpc]\naddress = "{self.state}/containerd.sock"\n')

    def ctr(self, *arguments):
        """One run of containerd's own client."""
        return subprocess.run(
            ["ctr", "--address", f"{self.state}/containerd.sock", "--namespace", "k8s.io", *arguments],
            env=ENVIRONMENT, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False,
            start_new_session=True)

    def run(self, container):
        """Starts the container in its pod's cgroup. Of this machine it has the programs."""
        pid_file, rootfs = self.directory / "pid", self.directory / "rootfs"
        rootfs.mkdir(exist_ok=True)
        programs = [path for path in map(pathlib.Path, ("/usr", "/bin", "/lib", "/lib64")) if path.is_dir()]
        options = [f"--annotation={key}={value}" for key, value in container.annotations().items()]
        options += [f"--mount=type=bind,src={path.resolve()},dst={path},options=rbind:ro" for path in programs]
        self.pods.add(container.pod)
        self.callback(self.delete, container)
        # No CPU shares: where that controller is in version 1, version 2 has nothing to write them to.
        done = self.ctr(
            "run", "--detach", "--null-io", "--cpu-shares=0", "--rootfs", f"--cgroup=/{container.cgroup}",
            f"--pid-file={pid_file}", *options, str(rootfs), container.id, "/bin/sleep", LIFE_SECONDS)
        if done.returncode != 0:
            raise RuntimeError(f"ctr run: {done.stderr}")
        container.pid = int(pid_file.read_text())

    def kill(self, container):
        """Kills the container and waits until /proc has its process no more."""
        self.ctr("task", "kill", "--signal", "SIGKILL", container.id)
        wait_for("a killed container to end", lambda: not process_state(container.pid))

    def delete(self, container):
        """Has containerd forget the container, alive or not, known or not."""
        self.ctr("task", "delete", "--force", container.id)
        self.ctr("container", "delete", container.id)

    def cgroups(self):
        """What was made below the directories above pods, by its paths."""
        return {pod.cgroup for pod in self.pods if pod.has_cgroup}

    def left_behind(self):
        """After the exit: a complaint for each process, cgroup and mount that is still there."""
        groups = kubepods.existing(self.cgroups(), self.absent)
        return [f"left behind: {what}" for what in [*self.left, *groups, *mounts(self.directory)]]

    def end_children(self):
        """Waits until everything that was started has ended; what does not is named, and killed."""
        try:
            wait_for("the last process to end", lambda: not unended())
        except TimeoutError:
            self.left = [f"process {pid} ({name})" for pid, name in unended().items()]
            # What loses its parent by this is our child next.
            wait_for("killed processes to end", lambda: not unended(signal.SIGKILL))
