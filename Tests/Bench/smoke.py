#!/usr/bin/env python3
"""Fails when the release executable makes more system calls or takes more instructions than is recorded beside this.

Both are counted, not timed, so that they are the same on a busy machine: in a run on 64 processes, and for each further
process. More than a tenth above what is recorded fails; more than a tenth below is worth recording. How often a run calls
nvidia-smi is not recorded but told here, and must be exactly that.
"""

import argparse
import json
import os
import pathlib
import platform
import re
import shutil
import subprocess
import sys
import tempfile

import beside  # noqa: F401

import fixtures
import measuring
import nodes
import scale
import strace
import subject
import tracing

RECORDED = pathlib.Path(__file__).resolve().parent / "recorded.json"
TOLERANCE = 0.1
SMALL, LARGE = "64", "1250"
# {(node, how many runs of a loop, whether the driver is too old for a field): calls of nvidia-smi}. Where a GPU has MIG on, `-L`
# comes in a second wave. A driver that does not know a field is asked once more, and not again by the same process.
NVIDIA_SMI_CALLS = {("64", 1, False): 4, ("mig", 1, False): 5, ("64", 1, True): 5, ("mig", 1, True): 6,
                    ("64", 2, False): 8, ("64", 2, True): 9, ("mig", 2, True): 11}
# The options of a loop with this many runs.
LOOPS = {1: [], 2: ["--interval", "1", "--for", "1.5"]}
UNKNOWN = "mig.mode.pending\nclocks_event_reasons.gpu_idle\ngpu_recovery_action\n"


def system_calls(node):
    """Those of one run, waiting for children apart."""
    kinds = tracing.calls([], subject.collector(node), subject.environment(node)).kinds
    return sum(count for name, count in kinds.items() if name not in strace.WAITING)


def instructions(node):
    """Those of one run without its children. Swift hashes by a random seed unless told."""
    environment = subject.environment(node) | {"SWIFT_DETERMINISTIC_HASHING": "1"}
    command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={os.devnull}", *subject.collector(node)]
    done = subprocess.run(list(map(str, command)), env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          check=False)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode != 0 or found is None:
        raise RuntimeError(f"valgrind: {done.stderr[-2000:]}")
    return int(found.group(1))


def nvidia_smi_calls(node, options):
    """How often the collector starts nvidia-smi."""
    log = node / "execve"
    tracing.run([], [*subject.collector(node), *options], subject.environment(node), ["-f", "-qq", "-e", "trace=execve"], log)
    return log.read_text(errors="replace").count(f'execve("{measuring.built() / "stub"}"')


def call_complaints(directory):
    """The nodes on which nvidia-smi is called more or less often than it should be."""
    complaints = []
    for (name, runs, is_old), wanted in NVIDIA_SMI_CALLS.items():
        shape = nodes.SHAPES[name]
        node = nodes.make(directory / f"calls-{name}-{runs}-{is_old}", shape, shape.listed())
        if is_old:
            (node / "nvidia-smi/unknown-fields").write_text(UNKNOWN)
        found = nvidia_smi_calls(node, LOOPS[runs])
        where = f"{shape.title}{', old driver' if is_old else ''}{f', {runs} runs' if runs > 1 else ''}"
        print(f"calls of nvidia-smi on {where}: {found}")
        complaints += [f"{found} calls of nvidia-smi on {where}, not {wanted}"] if found != wanted else []
    return complaints


def why_not():
    """{what cannot be counted here: why}."""
    reasons = {}
    if reason := strace.why_not():
        reasons["system calls"] = reason
    if shutil.which("valgrind") is None:
        reasons["instructions"] = "valgrind is not installed"
    return reasons


def figures(counts):
    """{name: figure} from {what: (on the small node, on the large one)}."""
    further = nodes.SHAPES[LARGE].processes - nodes.SHAPES[SMALL].processes
    found = {}
    for what, (small, large) in counts.items():
        found[f"{what}, {SMALL} processes"] = small
        found[f"{what} of each further process"] = round((large - small) / further, 1)
    return found


def judged(recorded, found):
    """(complaints, hints) on the figures, compared with those recorded."""
    complaints, hints = [], []
    for name, now in found.items():
        if name not in recorded:
            complaints.append(f"{name}: {now:,}, and no figure is recorded: run it with --record")
        elif now > recorded[name] * (1 + TOLERANCE):
            complaints.append(f"{name}: {now:,}, more than a tenth above the {recorded[name]:,} recorded")
        elif now < recorded[name] * (1 - TOLERANCE):
            hints.append(f"{name}: {now:,}, more than a tenth below the {recorded[name]:,} recorded: record it with --record")
    return complaints, hints


def counted(directory, reasons):
    """{what: (on the small node, on the large one)} of what can be counted."""
    made = [nodes.make(directory / name, nodes.SHAPES[name], nodes.SHAPES[name].listed()) for name in (SMALL, LARGE)]
    ways = {"system calls": system_calls, "instructions": instructions}
    return {what: tuple(way(node) for node in made) for what, way in ways.items() if what not in reasons}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--record", action="store_true", help=f"write {RECORDED.name} anew")
    arguments = fixtures.parse(parser, "release", "make build")
    reasons, machine = why_not(), platform.machine()
    for what, reason in reasons.items():
        print(f"smoke.py: skipped {what}: {reason}")
    measuring.compiled("stub")
    measuring.stripped(arguments.executable)
    with tempfile.TemporaryDirectory(prefix="bench", dir=scale.memory()) as directory:
        folder = pathlib.Path(directory).resolve()
        found = figures(counted(folder, reasons))
        calls = [] if "system calls" in reasons else call_complaints(folder)
    recorded = json.loads(RECORDED.read_text()) if RECORDED.exists() else {}
    for name, figure in found.items():
        print(f"{name}: {figure:,}")
    if arguments.record:
        RECORDED.write_text(json.dumps(recorded | {machine: recorded.get(machine, {}) | found}, indent=1) + "\n")
        return
    if machine not in recorded:
        reasons["the comparison"] = f"nothing is recorded for {machine}"
        print(f"smoke.py: skipped the comparison: {reasons['the comparison']}")
    complaints, hints = judged(recorded.get(machine, found), found)
    complaints += calls
    print("\n".join(complaints + hints), end="\n" if complaints or hints else "")
    # What is skipped where it should have run has shown nothing.
    sys.exit(1 if complaints or (reasons and os.environ.get("CI") == "true") else 0)


if __name__ == "__main__":
    main()
