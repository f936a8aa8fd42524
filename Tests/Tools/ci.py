#!/usr/bin/env python3
"""What continuous integration runs: what a contributor runs before a pull request, then what takes longer.

Usage: .ci/run [PART...]      runs only these parts

Each part writes to a log of its own in .build/ci, which is printed when the part ends. The last lines are a table of how
long each part took. The exit status is 1 if any part failed; the others run all the same.
"""

import concurrent.futures
import os
import pathlib
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
LOGS = ROOT / ".build/ci"
PARTS = {
    # Everything that is installed, so that no two parts install at once.
    "setup": ["Tests/Tools/setup.sh", "end-to-end", "bench", "machine"],
    "lint": ["make", "lint"],
    "build": ["sh", "-c", "make build && swift build --build-tests"],
    "fuzz": ["make", "fuzz"],
    "test": ["make", "test"],
    "size": ["make", "size"],
    "faults": ["make", "faults"],
    "e2e": ["make", "e2e"],
    "bare-metal": ["make", "bare-metal"],
    "bench-smoke": ["make", "bench-smoke"],
    "release-check": ["make", "release-check"],
}
# The stages follow one another. A stage has lanes, which run side by side; the parts of a lane follow one another. `test`
# compares times and has the machine for itself. No two lanes of a stage build in the same directory, which SwiftPM locks:
# `fuzz` builds in .build/fuzz, `release-check` in temporary copies, all others in .build.
STAGES = (
    (("setup", "lint", "build"), ("fuzz",)),
    (("test", "size"),),
    (("faults", "e2e", "bare-metal", "bench-smoke"), ("release-check",)),
)
printing = threading.Lock()


def say(text):
    with printing:
        print(text, flush=True)


def run(part):
    """Runs one part and prints its output. Returns the row of the table: part, seconds, processor seconds, passed."""
    say(f"ci: {part} begins")
    log, began = LOGS / f"{part}.log", time.monotonic()
    with open(log, "wb") as output:
        process = subprocess.Popen(PARTS[part], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        # Unlike Popen.wait, wait4 also tells what the part and all that it started have used.
        _, status, used = os.wait4(process.pid, 0)
    seconds, passed = time.monotonic() - began, status == 0
    ended = f"ci: {part} {'passed' if passed else 'failed'} after {seconds:.0f} s"
    say(f"{log.read_text(encoding='utf-8', errors='backslashreplace').rstrip()}\n{ended}")
    return part, seconds, used.ru_utime + used.ru_stime, passed


def run_lane(parts):
    return [run(part) for part in parts]


def run_stage(lanes):
    """The rows of all lanes."""
    with concurrent.futures.ThreadPoolExecutor(max(len(lanes), 1)) as pool:
        return [row for rows in pool.map(run_lane, lanes) for row in rows]


def main(wanted):
    if unknown := set(wanted) - PARTS.keys():
        sys.exit(f"ci: no such part: {' '.join(sorted(unknown))}; there are {' '.join(PARTS)}")
    LOGS.mkdir(parents=True, exist_ok=True)
    began, rows = time.monotonic(), []
    for lanes in STAGES:
        rows += run_stage([[part for part in lane if part in (wanted or PARTS)] for lane in lanes])
    print(f"\n{'part':14} {'seconds':>8} {'processor':>10}")
    for part, seconds, used, passed in rows:
        print(f"{part:14} {seconds:8.0f} {used:10.0f}  {'passed' if passed else 'FAILED'}")
    failed = sum(not passed for _, _, _, passed in rows)
    print(f"{'all':14} {time.monotonic() - began:8.0f} {sum(used for _, _, used, _ in rows):10.0f}"
          f"  {len(rows) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
