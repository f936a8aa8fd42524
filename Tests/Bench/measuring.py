"""Compiles the C programs of this directory and measures programs with them."""

import dataclasses
import pathlib
import shutil
import statistics
import subprocess

import beside  # noqa: F401

import fixtures

BUILT = fixtures.ROOT / ".build/bench"
SOURCES = pathlib.Path(__file__).resolve().parent


def compiled(name):
    """The program of this name, static; made anew."""
    BUILT.mkdir(parents=True, exist_ok=True)
    compiler = shutil.which("cc") or "gcc"
    subprocess.run([compiler, "-static", "-O2", "-Wall", "-Wextra", "-Werror", "-o", BUILT / name, SOURCES / f"{name}.c"],
                   check=True)
    return BUILT / name


def stripped(executable):
    """The executable as `make install` leaves it."""
    BUILT.mkdir(parents=True, exist_ok=True)
    subprocess.run(["strip", "-o", BUILT / "gpu-sessions", executable], check=True)
    return BUILT / "gpu-sessions"


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
    command = [*before, BUILT / "measure", rounds]
    for program in programs:
        command += [*program, "--"]
    done = subprocess.run(list(map(str, command[:-1])), env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          text=True, check=True)
    return summary(done.stdout, len(programs))
