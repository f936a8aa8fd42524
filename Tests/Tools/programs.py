"""Programs that the tests make: static ones from C, and the executable as it is installed."""

import shutil
import subprocess


def compile_static(source, program):
    """Makes a program that needs nothing of its machine."""
    compiler = shutil.which("cc") or "gcc"
    subprocess.run([compiler, "-static", "-O2", "-Wall", "-Wextra", "-Werror", "-o", program, source], check=True)


def strip(executable, program):
    """Makes of the executable what `make install` installs."""
    subprocess.run(["strip", "-o", program, executable], check=True)
