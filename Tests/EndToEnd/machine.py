"""A small Debian with systemd as PID 1, in systemd-nspawn: made by debootstrap once, then an overlay for each machine.

It needs root, debootstrap and systemd-nspawn, and Debian's packages the first time. A machine has no network but its own
loopback, and Fixtures at /fixtures. Its mounts are in a mount namespace of ours and go with this process.
"""

import ctypes
import fcntl
import os
import pathlib
import shutil
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
CACHE = ROOT / ".build/machine"
MIRROR = "http://deb.debian.org/debian"
SUITE = "bookworm"
# systemd; who runs and who reads what is installed; shells; what checks and builds packages.
PACKAGES = ("systemd-sysv", "dbus", "cron", "prometheus-node-exporter", "bash-completion", "zsh", "fish", "man-db", "lintian", "rpm")
PATIENCE_SECONDS = 60
CLONE_NEWNS = 0x00020000


class Unable(Exception):
    """Why no machine can be booted here."""


def run(*command, **options):
    """Runs a command; what it printed is in the error if it fails."""
    result = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    if result.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))}: exit status {result.returncode}\n{result.stdout}")
    return result.stdout


def wait_for(what, condition, seconds=PATIENCE_SECONDS):
    """Returns what the condition gives as soon as that is true; an error if it never is."""
    give_up = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > give_up:
            raise TimeoutError(f"waited {seconds} s for {what}")
        time.sleep(0.2)
    return found


def prepare():
    """Enters a mount namespace of our own and sees to the Debian that all machines share."""
    if os.geteuid() != 0:
        raise Unable("it needs root")
    for tool, package in (("debootstrap", "debootstrap"), ("systemd-nspawn", "systemd-container")):
        if not shutil.which(tool):
            raise Unable(f"there is no {tool} (Debian's package {package})")
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNS) != 0:
        raise Unable(f"no mount namespace: {os.strerror(ctypes.get_errno())}")
    try:
        run("mount", "--make-rprivate", "/")
        make_debian()
    except RuntimeError as error:
        raise Unable(str(error)) from None


def make_debian():
    """The Debian below CACHE, with exactly these packages. Another one who makes it now is waited for."""
    CACHE.mkdir(parents=True, exist_ok=True)
    stamp, wanted = CACHE / SUITE / ".packages", " ".join(PACKAGES)
    with open(CACHE / "lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if stamp.exists() and stamp.read_text() == wanted:
            return
        for name in (SUITE, "unfinished"):
            shutil.rmtree(CACHE / name, ignore_errors=True)
        root = CACHE / "unfinished"
        print(f"machine.py: making a Debian {SUITE} in {CACHE.relative_to(ROOT)}, minutes the first time", flush=True)
        run("debootstrap", "--variant=minbase", SUITE, root, MIRROR)
        install = ("apt-get", "install", "-y", "-qq", "--no-install-recommends", *PACKAGES)
        run("chroot", root, *install, env=os.environ | {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"})
        run("chroot", root, "apt-get", "clean")
        (root / ".packages").write_text(wanted)
        root.rename(CACHE / SUITE)


class Machine:
    """One machine, as long as the `with` lasts. `root` is its file system, also before it is booted and after."""

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="machine-"))
        run("mount", "-t", "tmpfs", "tmpfs", self.folder)
        self.root = self.folder / "root"
        upper, work = self.folder / "upper", self.folder / "work"
        for folder in (self.root, upper, work):
            folder.mkdir()
        run("mount", "-t", "overlay", "overlay", "-o", f"lowerdir={CACHE / SUITE},upperdir={upper},workdir={work}", self.root)
        self.nspawn = None
        return self

    def __exit__(self, *_):
        self.power_off()
        run("umount", self.root, self.folder)
        self.folder.rmdir()

    def boot(self):
        """Returns as soon as systemd has started all that it starts."""
        command = [
            "systemd-nspawn", "--quiet", "--boot", "--register=no", "--keep-unit", "--private-network", "--console=pipe",
            f"--machine=gpu-sessions-{os.getpid()}", f"--directory={self.root}", f"--bind-ro={ROOT / 'Fixtures'}:/fixtures",
        ]
        with open(self.folder / "console", "wb") as console:
            self.nspawn = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=console, stderr=console)
        wait_for("systemd", self.is_running)

    def is_running(self):
        if self.nspawn.poll() is not None:
            console = (self.folder / "console").read_text(encoding="utf-8", errors="replace")
            raise RuntimeError(f"systemd-nspawn: exit status {self.nspawn.returncode}\n{console}")
        return self.leader() and self.ask("systemctl is-system-running") in ("running", "degraded")

    def leader(self):
        """The PID of the machine's PID 1; None before it has started."""
        children = pathlib.Path(f"/proc/{self.nspawn.pid}/task/{self.nspawn.pid}/children").read_text().split()
        return children[0] if children else None

    def inside(self):
        """What runs a command in the machine: in its namespaces if it is booted, otherwise in a chroot."""
        if self.nspawn:
            return ["nsenter", f"--target={self.leader()}", "--all", "--wd", "env", "-i"]
        return ["chroot", str(self.root), "env", "-i"]

    def sh(self, script):
        """What a script prints on either stream, or the error with that."""
        environment = ("PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LC_ALL=C.UTF-8", "DEBIAN_FRONTEND=noninteractive")
        return run(*self.inside(), *environment, "bash", "-euc", script)

    def ask(self, script):
        """What a script prints, whatever its exit status, without blanks at the ends."""
        try:
            return self.sh(f"{script} || true").strip()
        except RuntimeError as error:
            return str(error)

    def power_off(self):
        if self.nspawn is None:
            return
        self.nspawn.terminate()  # systemd-nspawn tells the machine to power off.
        try:
            self.nspawn.wait(timeout=PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self.nspawn.kill()
            self.nspawn.wait()
        self.nspawn = None
