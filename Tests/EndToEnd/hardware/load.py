"""CUDA processes of the check's own: what they are called, how long they are waited for, and that they end."""

import contextlib
import os
import pathlib
import select
import signal
import subprocess
import sys
import time

from hardware.budget import NotHere

SCRIPT = pathlib.Path(__file__).resolve().parents[1] / "cuda_process.py"
HELD_MIB = 256
# Until the context is made and the memory taken, in seconds; and until it has ended.
START_SECONDS, END_SECONDS = 40, 5


class Holders:
    """The processes, all of which end on leaving. `own` is told every PID."""

    def __init__(self, budget, own):
        self.budget, self.own, self.processes = budget, own, []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        """Closing their input ends them; one that does not hear is killed, and one that cannot be killed is left."""
        for process in self.processes:
            with contextlib.suppress(OSError):
                process.stdin.close()
            process.send_signal(signal.SIGCONT)
        wait_for_all(self.processes)
        for process in self.processes:
            process.kill()
        wait_for_all(self.processes)
        for process in self.processes:
            process.stdout.close()

    def start(self, uuid, mib=HELD_MIB, title=None, contexts=1, before=()):
        """Starts one on this device; `title` is its argv[0] as bytes, `before` a command that runs it."""
        command = [*before, sys.executable, SCRIPT, str(mib), str(contexts)]
        variables = {"CUDA_VISIBLE_DEVICES": uuid}
        if title is not None:
            command[0] = title
            # By argv[0] Python would look for its library.
            variables["PYTHONHOME"] = f"{sys.base_prefix}:{sys.base_exec_prefix}"
        process = subprocess.Popen(command, executable=None if before else sys.executable, env=os.environ | variables,
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.own.add(process.pid)
        self.processes.append(process)
        return process

    def wait(self, process):
        """Returns when it has its memory."""
        said = b""
        while b"ready\n" not in said:
            if not select.select([process.stdout], [], [], self.budget.limit(START_SECONDS))[0]:
                raise NotHere("a CUDA process did not start in time")
            piece = os.read(process.stdout.fileno(), 1 << 16)
            if not piece:
                raise NotHere(f"no CUDA process: {said.decode(errors='replace').strip()[-200:]}")
            said += piece

    def on_each(self, uuids):
        """[(UUID, process)]: two on the first of these devices and one on each other."""
        started = [(uuid, self.start(uuid)) for uuid in [*uuids[:1], *uuids]]
        for _, process in started:
            self.wait(process)
        return started


def wait_for_all(processes):
    """Waits for them together, so long as one may take to end."""
    deadline = time.monotonic() + END_SECONDS
    for process in processes:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0, deadline - time.monotonic()))
