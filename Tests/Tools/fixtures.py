#!/usr/bin/env python3
"""Runs the executable on every node in Fixtures/nodes and compares what it publishes, byte for byte.

Nodes with an expected.show: also what `show` prints, on a page of 100 columns, diagnostics after it.
Nodes with an expected.check: also what `check` prints there, its exit status after it.
Beside the bytes: exit status, stderr, mode and neighbours of the file, promtool, and a strict parser of our own.
--write makes the expected files anew from what the executable does now; read the diff before committing it.
"""

import argparse
import concurrent.futures
import difflib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import checked
import exposition

ROOT = pathlib.Path(__file__).resolve().parents[2]
NODES = pathlib.Path("Fixtures/nodes")
CLOCKS = (
    b"gpu_session_collector_last_run_timestamp_seconds",
    b"gpu_session_collector_stage_duration_seconds",
)
# The one name that lint dislikes and that cannot change.
FIXED_NAME = 'gpu_session_count non-histogram and non-summary metrics should not have "_count" suffix'
LIMIT_SECONDS = 120
# The largest value by the end of the name, and the names whose values are whole numbers.
TOPS = (
    ("gpu_allocation_info", float("inf")), ("_utilization", 100), ("_fraction", 1), ("_success", 1), ("_info", 1),
    ("_readable", 1), ("_defunct", 1),
)
COUNTED = ("_bytes", "_count", "_sessions", "_problems", "_info", "_success", "_readable", "_defunct")


def without_clocks(contents):
    """The file with the values that differ from run to run replaced by 0."""
    lines = contents.split(b"\n")
    for index, line in enumerate(lines):
        if line.startswith(tuple(name + end for name in CLOCKS for end in (b" ", b"{"))):
            lines[index] = line.rsplit(b" ", 1)[0] + b" 0"
    return b"\n".join(lines)


def read(path):
    """The bytes of an expected file; empty if there is none."""
    return path.read_bytes() if path.exists() else b""


def environment(node):
    """Ours without any option of a person who runs this, and with the node that the fake nvidia-smi replays."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GPU_SESSIONS_")}
    return kept | {"GPU_SESSIONS_FIXTURE": str(node)}


class Run:
    """One run of the executable on a node: what it published, said and returned."""

    def __init__(self, executable, node):
        with tempfile.TemporaryDirectory() as directory:
            output = pathlib.Path(directory, "gpu_sessions.prom")
            command = [
                str(executable), "--nvidia-smi", "Fixtures/bin/nvidia-smi", "--host-root", f"{node}/root",
                "--output", str(output), *read(ROOT / node / "arguments").decode().splitlines(),
            ]
            done = subprocess.run(
                command, cwd=ROOT, env=environment(node), stdin=subprocess.DEVNULL,
                capture_output=True, timeout=LIMIT_SECONDS, check=False,
            )
            self.status, self.stdout = done.returncode, done.stdout
            self.stderr = done.stderr.replace(directory.encode(), b"OUTPUT_DIRECTORY")
            self.mode = output.stat().st_mode & 0o7777 if output.exists() else None
            self.published = without_clocks(output.read_bytes()) if output.exists() else b""
            self.neighbours = sorted(set(os.listdir(directory)) - {"gpu_sessions.prom"})


def shown(executable, node):
    """What a person sees of `show` on a page of 100 columns: the table, then what it says on stderr."""
    done = subprocess.run(
        [str(executable), "show", "--nvidia-smi", "Fixtures/bin/nvidia-smi", "--host-root", f"{node}/root"],
        cwd=ROOT, env=environment(node) | {"COLUMNS": "100"}, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=LIMIT_SECONDS, check=False,
    )
    return done.stdout


def difference(name, expected, actual):
    """A unified diff as one complaint, or none."""
    if expected == actual:
        return []
    lines = difflib.unified_diff(
        expected.decode(errors="backslashreplace").splitlines(),
        actual.decode(errors="backslashreplace").splitlines(),
        f"{name} expected", f"{name} now", lineterm="", n=1,
    )
    return [f"{name} differs\n" + "\n".join(lines)]


def promtool_complaints(contents):
    """What `promtool check metrics` has against the file, the one fixed name apart; nothing where promtool is missing."""
    if shutil.which("promtool") is None:
        return []
    done = subprocess.run(
        ["promtool", "check", "metrics"], input=contents, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )
    lines = [line for line in done.stdout.decode(errors="replace").splitlines() if line.strip()]
    complaints = [f"promtool: {line}" for line in lines if line.strip() != FIXED_NAME]
    if not complaints and (done.returncode not in (0, 3) or (done.returncode == 3 and not lines)):
        complaints.append(f"promtool: exit status {done.returncode}")
    return complaints


def implausible(samples):
    """Values that cannot be, whatever the bytes expected: a wrong conversion would otherwise become a golden file."""
    complaints = []
    for (name, labels), value in samples.items():
        top = next((limit for end, limit in TOPS if name.endswith(end)), float("inf"))
        whole = not name.endswith(COUNTED) or value == int(value)
        if not 0 <= value <= top or not whole or 0 < value < 1e-9:
            complaints.append(f"implausible: {name} {sorted(labels)} {value}")
    return complaints


def published_complaints(run):
    """What is wrong with the published file, whatever was expected."""
    complaints = []
    if run.mode is None:
        return complaints if run.status in (64, 73) else ["nothing was published"]
    if run.mode != 0o644:
        complaints.append(f"mode {run.mode:04o}, not 0644")
    try:
        complaints += implausible(exposition.parse(run.published))
    except exposition.ExpositionError as error:
        complaints.append(f"exposition: {error}")
    return complaints + promtool_complaints(run.published)


def complaints_of(executable, node, write):
    """Everything wrong with one node; with `write` its expected files are made anew first."""
    try:
        run = Run(executable, node)
    except subprocess.TimeoutExpired:
        return [f"still running after {LIMIT_SECONDS} s"]
    status = b"" if run.status == 0 else b"%d\n" % run.status
    actual = {"expected.prom": run.published, "expected.exit": status, "expected.stderr": run.stderr}
    if (ROOT / node / "expected.show").exists():
        actual["expected.show"] = shown(executable, node)
    if (ROOT / node / "expected.check").exists():
        actual["expected.check"] = checked.checked(executable, ROOT / node, environment(node), LIMIT_SECONDS)
    if write:
        for name, contents in actual.items():
            path = ROOT / node / name
            path.write_bytes(contents) if contents else path.unlink(missing_ok=True)
    complaints = []
    for name, contents in actual.items():
        complaints += difference(name, read(ROOT / node / name), contents)
    complaints += difference("stdout", b"", run.stdout)
    if run.neighbours:
        complaints.append(f"left beside the published file: {' '.join(run.neighbours)}")
    return complaints + published_complaints(run)


def parse(parser, build, command):
    """The arguments with the path of an executable that is there; the working directory is the repository from here on."""
    parser.add_argument("--executable", type=pathlib.Path, default=pathlib.Path(f".build/{build}/gpu-sessions"))
    arguments = parser.parse_args()
    os.chdir(ROOT)
    given, arguments.executable = arguments.executable, arguments.executable.resolve()
    if not os.access(arguments.executable, os.X_OK):
        sys.exit(f"{parser.prog}: {given} is missing: run '{command}' first")
    return arguments


def at_once(function, items):
    """The results of the function for all items, in order; as many at a time as there are processors.

    The functions wait for programs that they run, so threads are enough.
    """
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(function, items))


def judge(nodes, complaints_of):
    """Prints what is wrong with each of these directories. Exits with 1 if anything is."""
    results = at_once(complaints_of, nodes)
    for node, complaints in zip(nodes, results):
        for complaint in complaints:
            print(f"{node}: {complaint}")
    failed = sum(1 for complaints in results if complaints)
    print(f"{len(nodes) - failed} passed, {failed} failed")
    sys.exit(1 if failed or not nodes else 0)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--write", action="store_true", help="make the expected files anew")
    parser.add_argument("node", nargs="*", help="names in Fixtures/nodes; all of them without one")
    arguments = parse(parser, "debug", "swift build")
    executable = arguments.executable
    if shutil.which("promtool") is None:
        print("fixtures.py: promtool is missing, its check of every published file is skipped: run Tests/Tools/setup.sh")
    names = arguments.node or sorted(path.name for path in NODES.iterdir() if path.is_dir())
    unknown = [name for name in names if not (NODES / name).is_dir()]
    if unknown:
        sys.exit(f"fixtures.py: no such node in {NODES}: {' '.join(unknown)}")
    judge([NODES / name for name in names], lambda node: complaints_of(executable, node, arguments.write))


if __name__ == "__main__":
    main()
