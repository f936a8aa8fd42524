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
import programs

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
    programs.compile_static(SOURCES / f"{name}.c", built() / name)
    return built() / name


def stripped(executable):
    """The executable as `make install` leaves it."""
    programs.strip(executable, built() / "gpu-sessions")
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


def failing(command):
    """The same command for `measure`, which has to end with exit status 1."""
    return [f"-{command[0]}", *command[1:]]


def measure(before, commands, environment, rounds):
    """[Measured] of the commands, which take turns; the command `before` runs the launcher."""
    command = [*before, built() / "measure", rounds]
    for one in commands:
        command += [*one, "--"]
    done = subprocess.run(list(map(str, command[:-1])), env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          text=True, check=True)
    return summary(done.stdout, len(commands))
