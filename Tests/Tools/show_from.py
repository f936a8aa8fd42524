#!/usr/bin/env python3
"""Checks on every node in Fixtures/nodes that `show --from` draws a published file as `show` draws the node itself.

What a file does not say is listed here, in DIFFERENCES and `as_published`, and nowhere else. --scale: that the time for
a page of many nodes grows in step with its nodes, and that other exporters' samples cost little.
"""

import argparse
import json
import pathlib
import re
import subprocess
import tempfile

import fixtures
import published_pages
import show_agrees

# Keys of a session that no family has: they are null.
DIFFERENCES = ("container_id", "runtime")
# Kinds of failures of which several have the same kind, or that have a value: the sentence is another one.
GENERAL = ("no_devices", "no_procfs", "nvidia_smi_crashed", "nvidia_smi_hangs", "nvidia_smi_not_found",
           "nvidia_smi_not_started", "nvidia_smi_unintelligible", "nvml_unknown_error")
ADDED = ["cluster", "node", "age_seconds", "stale"]
WORDS = re.compile(r'; nvidia-smi says ".*"(?= \()')


def as_published(shown):
    """The object of `show --json` without what a file does not say, and without clocks."""
    for session in shown["sessions"]:
        session |= dict.fromkeys(DIFFERENCES)
    collector = shown["collector"]
    # nvidia-smi's own words are in no label.
    collector["reason"] = None
    collector["last_run_timestamp_seconds"] = 0
    for stage in collector["stages"]:
        stage["duration_seconds"] = 0
    failure = collector["failure"]
    if failure is not None:
        collector["failure"] = WORDS.sub("", failure)
        for problem in shown["problems"]:
            problem["meaning"] = WORDS.sub("", problem["meaning"])
            if problem["kind"] in GENERAL:
                problem["meaning"] = collector["failure"] = "general"
    return shown


def lines_of(table):
    """The words of each line of a table. AGE is left out: a recorded node has a clock of its own."""
    lines = [line.split() for line in table.decode("utf-8").splitlines()]
    return [words[:-1] if words and (words[0].isdigit() and len(words) > 4 or words[0] == "PID") else words for words in lines]


class Published:
    """One run of `collect` on a node, and what `show --from` makes of its file."""

    def __init__(self, executable, node, directory):
        self.executable = executable
        self.file = pathlib.Path(directory, "gpu_sessions.prom")
        arguments = fixtures.read(fixtures.ROOT / node / "arguments").decode().splitlines()
        subprocess.run(
            [str(executable), "--nvidia-smi", "Fixtures/bin/nvidia-smi", "--host-root", f"{node}/root",
             *arguments, "--output", str(self.file)],
            cwd=fixtures.ROOT, env=fixtures.environment(node), stdin=subprocess.DEVNULL, capture_output=True,
            timeout=fixtures.LIMIT_SECONDS, check=False,
        )

    def show(self, *options):
        """From standard input: no file of the node is at hand."""
        return subprocess.run(
            [str(self.executable), "show", "--from", "-", *options], input=self.file.read_bytes(), cwd="/",
            env={"COLUMNS": "400"}, capture_output=True, timeout=fixtures.LIMIT_SECONDS, check=False,
        )


def object_complaints(published, own):
    """What the two objects say differently."""
    done = published.show("--json")
    read, shown = json.loads(done.stdout), json.loads(own.stdout)
    complaints = []
    if done.returncode != own.returncode:
        complaints.append(f"exit status {done.returncode}, of show: {own.returncode}")
    # What `--label` sets is in the file.
    rows = read["nodes"] if "nodes" in read else [read]
    if len(rows) != 1 or read.pop("unreadable_lines") != 0:
        return complaints + [f"{len(rows)} nodes, or lines that could not be read"]
    row = rows[0]
    if [key for key in row if key not in shown and key != "unreadable_lines"] != ADDED or row["stale"] is not False:
        complaints.append(f"keys {list(row)}, stale {row['stale']}")
    read, shown = as_published(row), as_published(shown)
    for key, value in shown.items():
        if read[key] != value:
            complaints.append(f"{key} differ\n  of the file: {read[key]}\n  of the node: {value}")
    return complaints


def complaints_of(executable, node):
    """Everything that the file and the node say differently."""
    with tempfile.TemporaryDirectory() as directory:
        published = Published(executable, node, directory)
        if not published.file.exists():
            return []
        complaints = object_complaints(published, show_agrees.run_show(executable, node, "--json"))
        environment = fixtures.environment(node) | {"COLUMNS": "400"}
        own = show_agrees.run_show(executable, node, environment=environment)
        read = lines_of(published.show().stdout)
        if read and read[0][:1] in (["node"], ["cluster"]):
            del read[0]
        if own.returncode == 0 and read != lines_of(own.stdout):
            complaints.append(f"tables differ\n  of the file: {read}\n  of the node: {lines_of(own.stdout)}")
        return complaints


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--scale", action="store_true", help="compare the times for small and large pages instead")
    options = fixtures.parse(parser, "debug", "swift build")
    if options.scale:
        published_pages.compare_times(options.executable)
        return
    nodes = sorted(path for path in fixtures.NODES.iterdir() if path.is_dir())
    fixtures.judge(nodes, lambda node: complaints_of(options.executable, node))


if __name__ == "__main__":
    main()
