#!/usr/bin/env python3
"""Compares what the executable publishes on this machine with nvidia-smi's own tables, and answers what only a real GPU can.

It needs a GPU, its driver and Python 3.9 or newer, nothing else; as root it also sees MIG and everybody's processes. Whatever runs
on the GPUs is not disturbed, but for a little memory that each process of this check takes. No setting is changed: nvidia-smi
is only asked. The parts run in order of worth, each with a limit of its own. Results are written, masked, as they come; with
them is a recording of the machine that can become a node of Fixtures/nodes.
"""

import argparse
import pathlib
import secrets
import shutil
import signal
import sys
import traceback

import beside  # noqa: F401
import masking
from hardware import facts, figures, gpm, names, states, summary, times
from hardware.budget import Budget, NotHere, OutOfTime
from hardware.collector import Collector
from hardware.machine import Machine
from hardware.recorder import Recorder, machine_words

# In seconds. All of it takes eight minutes at most: what is killed at the limit has some seconds to go.
LIMIT = 460
PARTS = (
    ("1-figures", "figures against nvidia-smi's own", 110, figures.run),
    ("2-times", "how long each call takes", 90, times.run),
    ("3-gpm", "utilization by GPM", 110, gpm.run),
    ("4-facts", "newer fields", 30, facts.run),
    ("5-names", "odd names", 60, names.run),
    ("6-states", "odd processes", 60, states.run),
)


def run_part(recorder, collector, machine, seconds, run):
    """How it went, in words; whatever goes wrong costs this part only."""
    if not machine.devices:
        return f"did not run: {machine.why_not}"
    if recorder.budget.is_used():
        return "did not run: all of the time was used"
    try:
        with recorder.budget.part(seconds):
            run(recorder, collector, machine)
    except OutOfTime:
        reason = "all of the time was used" if recorder.budget.is_used() else f"its limit of {seconds:.0f} s is over"
        return f"stopped: {reason}; what it had is kept"
    except NotHere as error:
        return f"did not run: {error}"
    except Exception as error:  # noqa: BLE001 What is not foreseen on a machine that nobody has seen yet.
        recorder.write({"error": traceback.format_exc()})
        return f"failed: {type(error).__name__}: {error}"
    return "done"


def read_machine(recorder, program):
    """The devices; none where there was no time to ask."""
    try:
        return Machine.read(recorder, program)
    except OutOfTime:
        return Machine({}, {}, "there was no time to ask for the devices")


def run_parts(recorder, collector, parts=PARTS):
    """Every part in turn; the summary is right after each, and when it is cut off."""
    every = [summary.State(name, about) for name, about, _, _ in parts]
    summary.write(recorder, every)
    try:
        machine = read_machine(recorder, collector.program)
        for one, (name, _, seconds, run) in zip(every, parts):
            one.state = "was cut off while it ran"
            summary.write(recorder, every)
            recorder.part, begin, calls = name, recorder.budget.spent(), recorder.calls
            try:
                one.state = run_part(recorder, collector, machine, seconds, run)
            finally:
                one.seconds, one.calls = recorder.budget.spent() - begin, recorder.calls - calls
            print(f"{name}: {summary.line(one.state)}", flush=True)
    finally:
        summary.write(recorder, every)
    return every


def scaled(parts, limit):
    """With less time than all parts have together, each has so much less."""
    factor = min(1, limit / LIMIT)
    return [(name, about, seconds * factor, run) for name, about, seconds, run in parts]


def emptied(directory):
    """The directory without the results of an earlier run; one with anything else in it is left alone."""
    if directory.exists() and any(directory.iterdir()):
        if not summary.is_ours(directory):
            sys.exit(f"hardware_check.py: {directory} is not empty, and holds no results: name another one by --results")
        shutil.rmtree(directory)
    return directory


def check(executable, program, directory, budget, parts=PARTS):
    """(parts, complaints) of this machine."""
    mask = masking.Mask(secrets.token_bytes(32), machine_words())
    recorder = Recorder(directory, mask, budget)
    every = run_parts(recorder, Collector(executable, program), parts)
    return every, recorder.complaints


def verdict(every, complaints):
    """One word, and why. Without the first part nothing has been checked."""
    first, *_ = every
    undone = [one.name for one in every if one.state != "done"]
    if len(undone) == len(every) and "no GPU" in first.state:
        return "skipped, as " + summary.line(first.state).partition(": ")[2]
    if complaints or first.name in undone or any(one.state.startswith("failed") for one in every):
        return f"failed, {len(complaints)} complaints, not to their end: {', '.join(undone) or 'none'}"
    return "passed" + (f", but not to their end: {', '.join(undone)}" if undone else "")


def parsed():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--executable", type=pathlib.Path, default=pathlib.Path(".build/release/gpu-sessions"))
    parser.add_argument("--nvidia-smi", default="nvidia-smi")
    parser.add_argument("--results", type=pathlib.Path, default=pathlib.Path(".build/hardware-check"), help="a directory, replaced")
    parser.add_argument("--limit", type=float, default=LIMIT, help="seconds for all of it; %(default)s unless told")
    arguments = parser.parse_args()
    if not arguments.executable.exists():
        parser.error(f"{arguments.executable} does not exist")
    return arguments


def main():
    arguments = parsed()
    program = shutil.which(arguments.nvidia_smi)
    if program is None:
        print("hardware_check.py: skipped: there is no nvidia-smi")
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("hardware_check.py: terminated"))
    every, complaints = check(arguments.executable.resolve(), program, emptied(arguments.results), Budget(arguments.limit),
                              scaled(PARTS, arguments.limit))
    for complaint in complaints:
        print(complaint)
    word = verdict(every, complaints)
    print(f"hardware_check.py: {word}; the results are in {arguments.results}")
    sys.exit(1 if word.startswith("failed") else 0)


if __name__ == "__main__":
    main()
