#!/usr/bin/env python3
"""Compares what the executable publishes on this machine with nvidia-smi's own tables, while real CUDA processes run.

It needs a GPU, its driver and Python 3, nothing else; as root it also sees MIG and everybody's processes. Whatever runs
on the GPUs is compared too and not disturbed, but for a little memory that each process of this check takes. At its end
it writes a masked recording of the machine, which can become a node of Fixtures/nodes.
"""

import argparse
import contextlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import beside  # noqa: F401
import capture
import comparison
from smi_answers import QUERIES, Answers, MIB

import exposition

HELD_MIB = 256
LIMIT_SECONDS = 90
ENVIRONMENT = os.environ | {"LC_ALL": "C", "NVSMI_SHOW_ALL_DEVICES": "1"}


def ask(program):
    """{query: what nvidia-smi answers}; a query that it refuses is not among them."""
    texts = {}
    for query, arguments in QUERIES.items():
        done = subprocess.run(
            [program, *arguments], env=ENVIRONMENT, stdin=subprocess.DEVNULL, capture_output=True, timeout=LIMIT_SECONDS, check=False)
        if done.returncode == 0:
            texts[query] = done.stdout.decode(errors="surrogateescape")
    return texts


@contextlib.contextmanager
def cuda_processes(uuids):
    """[(UUID, process)]: two CUDA processes on the first of these devices and one on each other."""
    started = []
    with contextlib.ExitStack() as stack:
        for uuid in [*uuids[:1], *uuids]:
            process = stack.enter_context(subprocess.Popen(
                [sys.executable, pathlib.Path(__file__).with_name("cuda_process.py"), str(HELD_MIB)],
                env=os.environ | {"CUDA_VISIBLE_DEVICES": uuid}, stdin=subprocess.PIPE, stdout=subprocess.PIPE))
            # On leaving, its input is closed first, which ends it.
            started.append((uuid, process))
        for uuid, process in started:
            if process.stdout.readline() != b"ready\n":
                sys.exit(f"hardware_check.py: no CUDA process on {uuid}")
        yield started


def collect(executable, more=(), variables=()):
    """(exit status, stderr, samples) of one run."""
    with tempfile.TemporaryDirectory() as directory:
        output = pathlib.Path(directory, "gpu_sessions.prom")
        done = subprocess.run(
            [executable, "--output", output, *more], env=ENVIRONMENT | dict(variables), stdin=subprocess.DEVNULL,
            capture_output=True, timeout=LIMIT_SECONDS, check=False)
        samples = exposition.parse(output.read_bytes()) if output.exists() else {}
        return done.returncode, done.stderr.decode(errors="replace"), samples


def own_complaints(samples, holders):
    """Our own CUDA processes: each on its device, with at least the memory that it took."""
    found = {(labels["uuid"], labels["pid"]): labels for labels in (
        dict(pairs) for family, pairs in samples if family == "gpu_process_info") if labels.get("pid")}
    memory = {dict(pairs)["pid"]: value for (family, pairs), value in samples.items() if family == "gpu_process_memory_bytes"}
    complaints = []
    for uuid, process in holders:
        pid = str(process.pid)
        if (uuid, pid) not in found:
            complaints.append(f"process {pid} of this check is not on {uuid}")
        elif memory.get(pid, 0) < HELD_MIB * MIB:
            complaints.append(f"process {pid} of this check has {memory.get(pid)} bytes, and took {HELD_MIB} MiB")
    return complaints


def health_complaints(status, said, samples):
    """A run that did not go well has nothing to compare."""
    success = [value for (family, _), value in samples.items() if family == "gpu_session_collector_success"]
    return [] if (status, success) == (0, [1]) else [f"exit status {status}, success {success}: {said}"]


def families(figures):
    """{family: number of figures}, without those that may be there or not."""
    names = [family for family, _ in figures if family not in comparison.SOMETIMES]
    return {family: names.count(family) for family in names}


def replay_complaints(executable, directory, answers):
    """The masked recording, replayed, has as many figures of each family as nvidia-smi had when it was recorded."""
    replay = pathlib.Path(__file__).resolve().parents[2] / "Fixtures/bin/nvidia-smi"
    variables = {"GPU_SESSIONS_FIXTURE": str(directory)}
    _, said, samples = collect(executable, ["--nvidia-smi", replay, "--host-root", directory / "root"], variables)
    there, again = families(answers.figures()), families(comparison.published(samples))
    return [] if there == again else [f"the recording replays as {again}, nvidia-smi had {there}: {said}"]


def check(executable, program, directory):
    """Every complaint about this machine; its recording is in the directory then."""
    devices = Answers(ask(program)).uuids()
    with cuda_processes(list(devices.values())) as holders:
        before = ask(program)
        status, said, samples = collect(executable, ["--nvidia-smi", program])
        after = ask(program)
        complaints = health_complaints(status, said, samples)
        complaints += comparison.complaints(Answers(before), Answers(after), samples) + own_complaints(samples, holders)
        pids = sorted({pid for _, pid in Answers(after).processes})
        driver = next((gpu["driver_version"] for gpu in Answers(after).gpus), "")
        origin = f"Recorded by hardware_check.py with driver {driver}, and masked.\n"
        capture.write(directory, after, pids, origin)
    print(f"{len(comparison.published(samples))} figures on {len(devices)} devices compared with nvidia-smi's own")
    return complaints + replay_complaints(executable, directory, Answers(after))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--executable", type=pathlib.Path, default=pathlib.Path(".build/release/gpu-sessions"))
    parser.add_argument("--nvidia-smi", default="nvidia-smi")
    parser.add_argument("--capture", type=pathlib.Path, default=pathlib.Path(".build/hardware-capture"), help="a directory, replaced")
    arguments = parser.parse_args()
    program = shutil.which(arguments.nvidia_smi)
    if program is None or subprocess.run([program, "-L"], capture_output=True, check=False).returncode != 0:
        print("hardware_check.py: skipped: there is no GPU that nvidia-smi can read")
        return
    if arguments.capture.exists():
        shutil.rmtree(arguments.capture)
    complaints = check(arguments.executable.resolve(), program, arguments.capture)
    for complaint in complaints:
        print(complaint)
    print(f"hardware_check.py: {'failed' if complaints else 'passed'}; the masked recording is in {arguments.capture}")
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main()
