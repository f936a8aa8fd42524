#!/usr/bin/env python3
"""Measures the release executable on made nodes, beside what could not be done with less and what one would do with more.

Beside it run, in turn with it, a C program that does the unavoidable system calls only (floor.c, made from a trace of the
collector), on a node in memory and on one with as many real processes, a shell collector that does the same job, and what
users run instead (peers.py), of which only the start-up can be measured where there is no driver.
It fails when a target is missed. None is a time.
"""

import argparse
import json
import os
import pathlib
import shutil
import signal
import sys
import tempfile

import beside  # noqa: F401

import crowd
import fixtures
import measuring
import nodes
import peers
import real
import report
import scale
import strace
import subject
import targets

# Of a node this large a run is long enough for a quarter of the runs.
LARGE = 5_000


def parsed():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--runs", type=int, default=101, help="of each program on each node; 101 unless told")
    parser.add_argument("--shell-runs", type=int, default=3, help="of the shell collector, which is slow; 0: none")
    parser.add_argument("--peer-runs", type=int, default=11, help="of what users run instead; 11 unless told, 0: none")
    parser.add_argument("--nodes", default=",".join(nodes.SHAPES), help="some of them: %(default)s")
    parser.add_argument("--places", default=f"{subject.MADE},{subject.REAL}", help="one or both of %(default)s")
    parser.add_argument("--json", type=pathlib.Path, help="a file for all figures")
    arguments = fixtures.parse(parser, "release", "make build")
    for name in ("nodes", "places"):
        setattr(arguments, name, getattr(arguments, name).split(","))
    if unknown := set(arguments.nodes) - nodes.SHAPES.keys():
        parser.error(f"no such node: {' '.join(sorted(unknown))}")
    return arguments


def prepared(executable):
    """Compiles everything; the size of the stripped executable."""
    missing = [tool for tool in ("strip", "cc") if shutil.which(tool) is None]
    if reason := f"not installed: {' '.join(missing)}" if missing else strace.why_not():
        sys.exit(f"bench.py: {reason}")
    for name in subject.PROGRAMS:
        measuring.compiled(name)
    return measuring.stripped(executable).stat().st_size


def wanted(arguments):
    """(node, place) of all that can be measured here."""
    for place in arguments.places:
        for name in arguments.nodes:
            # Growth is compared on one kind of node only.
            if place == subject.MADE or name != targets.SMALL:
                reason = real.why_not(nodes.SHAPES[name].processes) if place == subject.REAL else None
                if reason is None:
                    yield name, place
                else:
                    print(f"bench.py: skipped {name} processes in the machine's /proc: {reason}", file=sys.stderr)


def beside_peers(directory, rounds):
    """What `report.peers` takes; None where the peers are not to be measured or cannot be."""
    if rounds and (reason := peers.why_not()):
        print(f"bench.py: skipped the programs that users run instead: {reason}", file=sys.stderr)
        return None
    return peers.beside_ours(directory, rounds) if rounds else None


def main():
    arguments = parsed()
    size = prepared(arguments.executable)
    # So that one that is terminated also ends its sleepers.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("bench.py: terminated"))
    print(f"{report.machine()}\n", flush=True)
    with tempfile.TemporaryDirectory(dir=scale.memory()) as name:
        directory, results = pathlib.Path(name).resolve(), []
        for node, place in wanted(arguments):
            rounds = arguments.runs // (4 if nodes.SHAPES[node].processes > LARGE else 1)
            results.append(subject.on_node(node, place, directory, max(rounds, 2)))
        measured = subject.beside_shell(directory, arguments.shell_runs) if arguments.shell_runs else []
        compared = beside_peers(directory, arguments.peer_runs)
        planted = crowd.measured(directory)
    verdicts = [*targets.verdicts(results, measured, size, arguments.places), targets.on_crowd(planted)]
    print(report.markdown(results, measured, verdicts, compared))
    print(f"load afterwards {os.getloadavg()[0]:.1f}")
    if arguments.json:
        arguments.json.write_text(json.dumps(report.as_json(results, measured, verdicts, compared), indent=1))
    sys.exit(1 if any(verdict.is_met is False for verdict in verdicts) else 0)


if __name__ == "__main__":
    main()
