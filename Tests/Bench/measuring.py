"""Compiles the C programs of this directory and measures programs with them."""

import atexit
import dataclasses
import functools
import pathlib
import shutil
import statistics
import subprocess
import tempfile

import beside  # noqa: F401

import fixtures

SOURCES = pathlib.Path(__file__).resolve().parent


@functools.cache
def built():
    """Where programs are made: a directory of this run, so that another one does not exchange them meanwhile."""
    above = fixtures.ROOT / ".build/bench"
    above.mkdir(parents=True, exist_ok=True)
    directory = pathlib.Path(tempfile.mkdtemp(dir=above))
    atexit.register(shutil.rmtree, directory)
    return directory


def compiled(name):
    """The program of this name, static."""
    compiler = shutil.which("cc") or "gcc"
    subprocess.run([compiler, "-static", "-O2", "-Wall", "-Wextra", "-Werror", "-o", built() / name, SOURCES / f"{name}.c"],
                   check=True)
    return built() / name


def stripped(executable):
    """The executable as `make install` leaves it."""
    subprocess.run(["strip", "-o", built() / "gpu-sessions", executable], check=True)
    return built() / "gpu-sessions"


@dataclasses.dataclass(frozen=True)
class Spread:
    """The median of many runs and the middle half of them."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values):
        low, median, high = statistics.quantiles(values, n=4, method="inclusive")
        return cls(median, low, high)


@dataclasses.dataclass(frozen=True)
class Measured:
    """Of one program: CPU time of its own and with its children, wall time, in ns; peak RSS in KiB."""

    own: Spread
    tree: Spread
    wall: Spread
    rss: Spread


def summary(text, count):
    """What measure.c printed of so many programs."""
    rows = [[int(field) for field in line.split()] for line in text.splitlines()]
    return [Measured(*(Spread.of([row[column] for row in rows if row[0] == number]) for column in range(1, 5)))
            for number in range(count)]


def measure(before, programs, environment, rounds):
    """[Measured] of the commands, which take turns; the command `before` runs the launcher."""
    command = [*before, built() / "measure", rounds]
    for program in programs:
        command += [*program, "--"]
    done = subprocess.run(list(map(str, command[:-1])), env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          text=True, check=True)
    return summary(done.stdout, len(programs))
