"""A machine with a GPU that is not there: quirky_smi.py as nvidia-smi, and libcuda.c as the driver's library."""

import json
import os
import pathlib
import shutil
import subprocess
import sys

SOURCES = pathlib.Path(__file__).resolve().parent
CAPTURES = SOURCES.parent / "Captures"
PYTHON = next((path for path in map(pathlib.Path, ("/usr/bin/python3", "/usr/local/bin/python3")) if path.exists()), sys.executable)


class FakeGPU:
    """In a directory that is there; `variables` are what programs need to believe in it."""

    def __init__(self, directory, machine="h100-590", **quirks):
        self.directory = directory.resolve()
        self.directory.chmod(0o755)
        # Another user has to be able to read and run it.
        shutil.copytree(CAPTURES / machine, self.directory / machine, dirs_exist_ok=True)
        for name in ("quirky_smi.py", "smi_answers.py"):
            shutil.copy(SOURCES / name, self.directory)
        (self.directory / "config.json").write_text(json.dumps({"machine": str(self.directory / machine)} | quirks))
        (self.directory / "calls.jsonl").touch()
        (self.directory / "calls.jsonl").chmod(0o666)
        subprocess.run([shutil.which("cc") or "gcc", "-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror",
                        "-o", self.directory / "libcuda.so.1", SOURCES / "libcuda.c"], check=True)
        self.program = self.directory / "nvidia-smi"
        self.program.write_text(f'#!/bin/sh\nexec {PYTHON} {self.directory}/quirky_smi.py "$@"\n')
        self.program.chmod(0o755)
        self.variables = {"FAKE_GPU": str(self.directory), "LD_LIBRARY_PATH": str(self.directory)}

    def calls(self):
        """[(UID, arguments)] of every call so far."""
        lines = (self.directory / "calls.jsonl").read_text().splitlines()
        return [(uid, arguments) for uid, *arguments in map(json.loads, lines)]

    def environment(self):
        return os.environ | self.variables
