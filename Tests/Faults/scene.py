"""What the fault tests share: a node to collect from, a directory with an older file, and what is found there later."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests/Tools"))
import exposition
import fixtures
import show_agrees
import strace
from fixtures import at_once

EXECUTABLE = pathlib.Path(os.environ.get("EXECUTABLE", ROOT / ".build/release/gpu-sessions")).resolve()
NAME = "gpu_sessions.prom"
TEMPORARY = f".{NAME}.tmp"
LOCK = f".{NAME}.lock"
# A published file of another node stands for the one of an earlier run.
OLD = (ROOT / "Fixtures/nodes/mps/expected.prom").read_bytes()
LIMIT_SECONDS = 60


class Outcome:
    """How a run ended: its exit status, negative for a signal, what it said, and how long it took."""

    def __init__(self, status, stdout, stderr, seconds):
        self.status, self.stdout, self.seconds = status, stdout, seconds
        self.stderr = stderr.decode(errors="replace")


class Scene:
    """A temporary directory with an older published file, and one node of Fixtures/nodes."""

    def __init__(self, node="h100-mig-mixed", directory=None):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="gpu-sessions-faults-"))
        self.node = ROOT / "Fixtures/nodes" / node
        self.expected = (self.node / "expected.prom").read_bytes()
        self.directory = directory or self.folder / "out"
        self.directory.mkdir(exist_ok=True)
        self.output = self.directory / NAME
        self.nvidia_smi = ROOT / "Fixtures/bin/nvidia-smi"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder)

    def plant(self):
        """Nothing in the directory but the older file."""
        for path in self.directory.iterdir():
            path.unlink()
        self.output.write_bytes(OLD)
        hour_ago = time.time() - 3600
        os.utime(self.output, (hour_ago, hour_ago))

    def script(self, text):
        """Makes these lines of shell the nvidia-smi of this scene; `$REAL` is the fixture's."""
        self.nvidia_smi = self.folder / "nvidia-smi"
        real = ROOT / "Fixtures/bin/nvidia-smi"
        self.nvidia_smi.write_text(f"#!/bin/sh\nREAL='{real}'\n{text}\n", encoding="utf-8")
        self.nvidia_smi.chmod(0o755)

    def command(self, *options):
        """The arguments of a run, the program first."""
        return [
            str(EXECUTABLE), "--nvidia-smi", str(self.nvidia_smi), "--host-root", str(self.node / "root"),
            "--output", str(self.output), *fixtures.read(self.node / "arguments").decode().splitlines(), *options,
        ]

    def run_command(self, name, *options, **how):
        """One run of another command than `collect` to its end, on the same node."""
        node = [] if name == "remove" else self.command()[1:5]
        return self.run_arguments([str(EXECUTABLE), name, *node, *options], **how)

    def run(self, *options, prefix=(), **how):
        """One run to its end, below the commands of `prefix`."""
        return self.run_arguments([*prefix, *self.command(*options)], **how)

    def run_arguments(self, arguments, environment=None, limit=LIMIT_SECONDS, **popen):
        """One program to its end."""
        start = time.monotonic()
        streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | popen
        done = subprocess.run(
            arguments, cwd=ROOT, check=False, timeout=limit,
            env=fixtures.environment(self.node) | (environment or {}), **streams)
        return Outcome(done.returncode, done.stdout or b"", done.stderr or b"", time.monotonic() - start)

    def contents(self):
        """The published file; None without one."""
        return self.output.read_bytes() if self.output.exists() else None

    def found(self):
        """Which file lies there: `old` or `new` to the byte (clocks apart), `none`, or `other`."""
        contents = self.contents()
        if contents is None:
            return "none"
        if contents == OLD:
            return "old"
        return "new" if fixtures.without_clocks(contents) == self.expected else "other"

    def samples(self):
        """The series of the published file, by a strict parser."""
        return exposition.parse(self.contents())

    def neighbours(self):
        """Everything beside the published file."""
        return sorted(set(os.listdir(self.directory)) - {NAME})

    def complaints_after_kill(self):
        """What a killed run must not leave, and what the next one must do, whatever the moment of the kill."""
        found = self.found()
        complaints = [] if found in ("old", "new") else [f"the file is {found}"]
        if not set(self.neighbours()) <= {LOCK, TEMPORARY}:
            complaints.append(f"beside it: {self.neighbours()}")
        again = self.run()
        if (again.status, again.stderr, self.found(), self.neighbours()) != (0, "", "new", []):
            complaints.append(f"next run: {again.status} {again.stderr!r} {self.found()} {self.neighbours()}")
        return complaints


def lives(pid):
    """Whether there is such a process, one that has ended and that nobody has asked after apart."""
    try:
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] not in "ZX"
