#!/usr/bin/env python3
"""Measures the collector on made nodes, beside a C program that does the unavoidable system calls only."""

import argparse
import os
import pathlib
import tempfile

import beside  # noqa: F401

import fixtures
import measuring
import nodes
import plan
import scale
import tracing


def environment(node):
    """The same few variables for every program, on every machine."""
    return {"PATH": os.environ["PATH"], "LC_ALL": "C", "GPU_SESSIONS_FIXTURE": str(node)}


def collector(executable, node):
    """The command that is measured."""
    return [executable, "--nvidia-smi", measuring.BUILT / "stub", "--host-root", node / "root",
            "--output", node / "output/gpu_sessions.prom"]


def measure(executable, node, rounds):
    """The collector and the floor that follows it."""
    (node / "output").mkdir()
    command, here = collector(executable, node), environment(node)
    records = tracing.records(command, here, node / "root", node / "output/gpu_sessions.prom")
    (node / "plan").write_bytes(plan.encoded(records))
    floor = [measuring.BUILT / "floor", node / "plan"]
    ours, least = measuring.measure([command, floor], here, rounds)
    return ours, least, tracing.calls(command, here), tracing.calls(floor, here)


def line(name, measured, calls):
    return (f"| {name} | {measured.wall.median / 1e6:.2f} | {measured.own.median / 1e6:.2f}"
            f" ({measured.own.low / 1e6:.2f}-{measured.own.high / 1e6:.2f}) | {measured.rss.median / 1024:.1f}"
            f" | {sum(calls.kinds.values())} | {calls.bytes_read} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=101)
    parser.add_argument("--nodes", default="64,mig,1250,10000")
    arguments = fixtures.parse(parser, "release", "make build")
    for name in ("stub", "floor", "measure"):
        measuring.compiled(name)
    executable = measuring.stripped(arguments.executable)
    print("| program | wall ms | own CPU ms | RSS MiB | system calls | bytes read |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(dir=scale.memory()) as directory:
        for name in arguments.nodes.split(","):
            node = nodes.make(pathlib.Path(directory, name), nodes.SHAPES[name])
            ours, least, calls, fewest = measure(executable, node, arguments.runs)
            print(line(f"{name} collector", ours, calls))
            print(line(f"{name} floor", least, fewest))
            print(f"| ratio | {ours.wall.median / least.wall.median:.2f} | {ours.own.median / least.own.median:.2f} |", flush=True)


if __name__ == "__main__":
    main()
