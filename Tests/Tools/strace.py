"""What the tests share that run a program below strace."""

import os
import re
import shutil
import subprocess

# A line of the log: the call, its arguments, its result.
CALL = re.compile(r"(\w+)\((.*)\) += (-?\d+|\?)")
READING = ("read", "pread64", "readv")
# How often the program looks after its children depends on how fast they are.
WAITING = {"ppoll", "waitid", "wait4", "rt_sigpending"}


def why_not(*options):
    """Why strace cannot trace here with these options; None where it can."""
    if shutil.which("strace") is None:
        return "strace is not installed"
    done = subprocess.run(["strace", "-o", os.devnull, *options, "true"], capture_output=True, text=True, check=False)
    return None if done.returncode == 0 else f"strace cannot trace here: {' '.join(done.stderr.split())}"


def traced(names):
    """The option by which strace tells these calls only. Not every architecture has each: it does without those."""
    return ["-e", "trace=" + ",".join(f"?{name}" for name in names)]
