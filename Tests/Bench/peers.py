"""What a user would run instead: tools of the Python index, pinned in requirements.txt, in a virtual environment of their own.

Without a driver only their start-up can be measured, until they find that NVML's library is missing. That is a lower bound of
what they take on a node with GPUs, which comes on top.
"""

import dataclasses
import re
import subprocess

import beside  # noqa: F401

import fixtures
import measuring
import nodes
import subject

ENVIRONMENT = fixtures.ROOT / ".build/bench-peers"
# The arguments with which each prints once, or serves what it has found.
COMMANDS = {"nvitop": ["nvitop", "-1"], "gpustat": ["gpustat"], "nvitop-exporter": ["nvitop-exporter"]}
# How each says that the library is missing.
WITHOUT_LIBRARY = re.compile(r"NVML\)? (Shared Library )?not found", re.IGNORECASE)
LIMIT_SECONDS = 60
VERSIONS = "import sys, importlib.metadata; print(*map(importlib.metadata.version, sys.argv[1:]))"


@dataclasses.dataclass(frozen=True)
class Peer:
    """One program, and what its start-up took beside our whole run."""

    name: str
    version: str
    measured: measuring.Measured


def command(name, place):
    """The program by its whole path: measure.c looks in no PATH."""
    program, *arguments = COMMANDS[name]
    return [place / "bin" / program, *arguments]


def start_up(name, place):
    """None if the program ends because it lacks NVML's library, and for nothing else; otherwise why it is not measured."""
    try:
        done = subprocess.run(list(map(str, command(name, place))), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, errors="replace", timeout=LIMIT_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"{name}: {type(error).__name__}"
    if done.returncode == 1 and WITHOUT_LIBRARY.search(done.stdout):
        return None
    return f"{name} does not end for want of NVML's library, but with exit status {done.returncode}: a driver may be here"


def why_not(place=ENVIRONMENT):
    """Why no peer can be measured; None if all can."""
    if not (place / "bin/python").exists():
        return "not installed: Tests/Tools/setup.sh peers installs them"
    return next((reason for name in COMMANDS if (reason := start_up(name, place))), None)


def versions(place=ENVIRONMENT):
    """{name: version} as installed."""
    done = subprocess.run([place / "bin/python", "-c", VERSIONS, *COMMANDS], stdout=subprocess.PIPE, text=True, check=True)
    return dict(zip(COMMANDS, done.stdout.split()))


def environment(directory):
    """What a peer needs of ours: nothing is written beside it, and nothing is read of the person who runs this."""
    home = directory / "home"
    home.mkdir(exist_ok=True)
    return subject.environment(directory) | {"HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1"}


def beside_ours(directory, rounds, place=ENVIRONMENT):
    """(Measured of our whole run, [Peer]), taken in turn on the smallest node."""
    shape = nodes.SHAPES["64"]
    node = nodes.make(directory / "peers", shape, shape.listed())
    # They end with exit status 1, which `why_not` has looked at.
    programs = [subject.collector(node), *(measuring.failing(command(name, place)) for name in COMMANDS)]
    ours, *theirs = measuring.measure([], programs, environment(node), rounds)
    found = versions(place)
    return ours, [Peer(name, found[name], one) for name, one in zip(COMMANDS, theirs)]
