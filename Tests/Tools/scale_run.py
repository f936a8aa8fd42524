"""Runs of the executable on a made node: what it publishes, the CPU time it uses, the system calls it makes."""

import collections
import os
import pathlib
import re
import subprocess
import tempfile
import time

import exposition
import fixtures
import scale_node
from strace import CALL, READING, traced

DESCRIPTOR = re.compile(r"\w+<([^>]*)>")
OPENING = ("open", "openat", "openat2", "creat")
LINKS = ("readlink", "readlinkat")
LISTING = ("getdents", "getdents64")
TRACED = (*OPENING, *LINKS, *READING, *LISTING, "stat", "lstat", "newfstatat", "statx", "execve")
# strace stops a program at these calls only, and follows its children.
FAST = ("--seccomp-bpf", "-f")


class Node:
    """Some of the processes of a root, and nvidia-smi and the kubelet speaking of them."""

    def __init__(self, directory, executable, root, listed, on, pods):
        self.directory, self.executable, self.root, self.listed, self.pods = directory, executable, root, listed, pods
        self.placed = scale_node.write_answers(directory, listed, on)
        scale_node.write_kubelet(directory / "kubelet", pods, on)
        self.output = directory / "gpu_sessions.prom"

    def start(self, *before, options=()):
        """A run of the executable with these options more, below the command given."""
        return subprocess.Popen(
            [*before, str(self.executable), "--nvidia-smi", "Fixtures/bin/nvidia-smi", "--host-root", str(self.root),
             "--kubelet-root", str(self.directory / "kubelet"), "--output", str(self.output), *options],
            cwd=fixtures.ROOT, env=fixtures.environment(self.directory), stdin=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)

    def finish(self, process):
        if process.wait(timeout=fixtures.LIMIT_SECONDS) != 0:
            raise RuntimeError(f"exit status {process.returncode} on {self.directory.name}")

    def published(self):
        """What one run publishes, read strictly."""
        self.finish(self.start())
        return exposition.parse(self.output.read_bytes())

    def own_seconds(self):
        """CPU time of one run without that of its children."""
        process = self.start()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        # The clock of another process as clock_getcpuclockid(3) numbers it; it stays until the process is reaped.
        seconds = time.clock_gettime((~process.pid << 3) | 2)
        self.finish(process)
        return seconds

    def cpu(self, runs):
        """The least of some runs: others on the machine can only add to it."""
        return min(self.own_seconds() for _ in range(runs))

    def trace(self):
        """The system calls of one run."""
        with tempfile.TemporaryDirectory() as directory:
            self.finish(self.start(
                "strace", *FAST, "-ff", "-y", "-s0", "-qq", *traced(TRACED), "-e", "signal=none",
                "-o", f"{directory}/trace"))
            texts = [path.read_text(errors="replace") for path in pathlib.Path(directory).iterdir()]
        # A child of ours runs another program; a thread would run none.
        program = f'execve("{self.executable}"'
        return Trace([text for text in texts if program in text or "execve(" not in text], self.directory.parent)


class Trace:
    """System calls that concern a directory: how many, and how often each path was opened and read to its end.

    `missing` are the directories in paths that turned out not to be there.
    """

    def __init__(self, texts, directory):
        self.opened, self.ended, self.count = collections.Counter(), collections.Counter(), 0
        self.missing = set()
        for line in "".join(texts).splitlines():
            match = CALL.match(line)
            if match and f"{directory}/" in line:
                self.take(*match.groups())

    def take(self, name, arguments, result):
        if "O_PATH" in arguments:
            # A step on the way to a file. How many are taken depends on what was read before.
            self.missing |= {self.path(arguments)} if result == "-1" else set()
            return
        self.count += 1
        if name in OPENING + LINKS:
            self.opened[self.path(arguments)] += 1
        elif name in READING + LISTING and result == "0":
            self.ended[self.path(arguments)] += 1

    @staticmethod
    def path(arguments):
        """What a descriptor, or a name below it, leads to."""
        descriptor, name = DESCRIPTOR.match(arguments), re.search(r'"([^"]*)"', arguments)
        parts = ([descriptor.group(1)] if descriptor else []) + ([name.group(1)] if name else [])
        return os.path.normpath(os.path.join(*parts))
