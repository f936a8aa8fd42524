#!/usr/bin/env python3
"""Runs every test_*.py of the folders given, each in a process of its own and as many at once as there are processors."""

import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys


def run(module):
    """The module, whether it passed, and what it printed."""
    command = [sys.executable, "-m", "unittest", module.stem]
    result = subprocess.run(command, cwd=module.parent, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    return module, result.returncode == 0, result.stdout + result.stderr


def summary(text):
    """`12 tests, 1 skipped`: the two last lines of unittest in one."""
    ran = re.findall(r"^Ran (\d+) test", text, re.MULTILINE)
    skipped = re.findall(r"skipped=(\d+)", text)
    return f"{ran[-1] if ran else 'no'} tests" + (f", {skipped[-1]} skipped" if skipped else "")


def main():
    modules = [module for folder in sys.argv[1:] for module in sorted(pathlib.Path(folder).glob("test_*.py"))]
    if not modules:
        sys.exit("modules.py: no test_*.py in the folders given")
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for module, passed, text in pool.map(run, modules):
            # A module without a test has not shown anything.
            passed = passed and not re.search(r"^Ran 0 tests", text, re.MULTILINE)
            print(f"{module}: {summary(text)}" if passed else f"{module}: failed\n{text}", flush=True)
            failed += not passed
    print(f"{len(modules) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
