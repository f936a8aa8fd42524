"""Part 6: processes that end while they are listed, are stopped, are in a namespace, have two contexts, or use MPS."""

import os
import pathlib
import re
import shutil
import signal
import subprocess

from hardware.load import Holders
from hardware.names import CSV, OUTPUTS, printed, quoted

MIB = 8
TRIES = 6
# Between the start of the query and the end of the process, in seconds, times the number of the try.
STEP = 0.01
SEEN = ("the CSV", "pmon", "the table")


def seen(recorder, program, pid):
    """What three outputs have of a process, in one line."""
    answers = {kind: recorder.run([program, *OUTPUTS[kind]]) for kind in SEEN}
    said = {kind: printed(kind, answer.out, pid) for kind, answer in answers.items()}
    return "; ".join(f"{kind} prints {quoted(text)}" for kind, text in said.items())


def ending(recorder, collector, machine, holders):
    """Kills a process a moment after nvidia-smi was asked for its name, each time a little later."""
    said = []
    for number in range(TRIES):
        process = holders.start(machine.uuids[0], MIB)
        holders.wait(process)
        child = recorder.start([collector.program, *CSV])
        try:
            process.wait(STEP * number)
        except subprocess.TimeoutExpired:
            process.kill()
        said.append(printed("the CSV", recorder.finish(child).out, process.pid))
    recorder.say("a process that ends while it is listed", "the CSV prints " + ", ".join(map(quoted, said)))


def stopped(recorder, collector, machine, holders):
    process = holders.start(machine.uuids[0], MIB)
    holders.wait(process)
    process.send_signal(signal.SIGSTOP)
    recorder.say("a stopped process", seen(recorder, collector.program, process.pid))


def two_contexts(recorder, collector, machine, holders):
    one, two = (holders.start(machine.uuids[0], MIB, contexts=count) for count in (1, 2))
    for process in (one, two):
        holders.wait(process)
    text = recorder.run([collector.program, *OUTPUTS["the CSV without names"]]).out
    held = {pid: re.findall(rf", {pid}, (.*)$", text, re.MULTILINE) for pid in (one.pid, two.pid)}
    recorder.say("two contexts in one process", f"{held[two.pid]} in place of {held[one.pid]} for one context")


def child_of(pid):
    """The PID of the first child of a process; None without."""
    for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            if path.read_text(errors="replace").rpartition(")")[2].split()[1] == str(pid):
                return int(path.parent.name)
        except OSError:
            continue
    return None


def in_namespace(recorder, collector, machine, holders):
    """A process in a PID namespace of its own, as the machine sees it and as nvidia-smi does in there."""
    if os.geteuid() != 0 or not (shutil.which("unshare") and shutil.which("nsenter")):
        recorder.say("a process in a PID namespace", "not tried: that needs root, unshare and nsenter")
        return
    launcher = holders.start(machine.uuids[0], MIB, before=["unshare", "--pid", "--fork", "--kill-child"])
    holders.wait(launcher)
    pid = child_of(launcher.pid)
    recorder.own.add(pid)
    recorder.say("a process in a PID namespace", seen(recorder, collector.program, pid))
    inside = recorder.run(["nsenter", "--target", str(pid), "--pid", collector.program, *CSV]).out
    there = re.findall(r"^(\d+), ", inside, re.MULTILINE)
    recorder.say("the same asked for in its namespace", f"the CSV has the PIDs {', '.join(there) or 'of nothing'}; outside it is {pid}")


def mps(recorder, collector, machine, holders):
    """Only where its daemon runs: none is started."""
    comms = [path.read_text(errors="replace").strip() for path in pathlib.Path("/proc").glob("[0-9]*/comm") if path.exists()]
    if not any(comm.startswith("nvidia-cuda-mps") for comm in comms):
        recorder.say("a client of MPS", "not tried: its daemon does not run here")
        return
    process = holders.start(machine.uuids[0], MIB)
    holders.wait(process)
    recorder.settle("mps", seen(recorder, collector.program, process.pid))


def run(recorder, collector, machine):
    for scene in (stopped, two_contexts, in_namespace, mps, ending):
        with Holders(recorder.budget, recorder.own) as holders:
            scene(recorder, collector, machine, holders)
