#!/usr/bin/env python3
"""Has a real node_exporter serve every Fixtures/nodes/*/expected.prom and compares what it serves, series by series."""

import contextlib
import math
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

import exposition
import fixtures

START_SECONDS = 15
# Not through a proxy: the exporter is on this machine.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def exporter(program, directory, *more):
    """A node_exporter that serves the text files of the directory and nothing else but `more`; yields the process and its URL."""
    port = free_port()
    command = [
        program, "--collector.disable-defaults", "--collector.textfile",
        f"--collector.textfile.directory={directory}", "--web.disable-exporter-metrics",
        f"--web.listen-address=127.0.0.1:{port}", "--log.level=error", *more,
    ]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        yield process, f"http://127.0.0.1:{port}/metrics"
    finally:
        process.terminate()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stderr.close()


def fetch(process, url):
    """What the exporter serves, once it answers; None if it ended or never does."""
    give_up = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up and process.poll() is None:
        try:
            with OPENER.open(url, timeout=START_SECONDS) as answer:
                return answer.read().decode("utf-8")
        except urllib.error.HTTPError as error:
            return error.read().decode("utf-8", errors="replace")
        except OSError:
            time.sleep(0.05)
    return None


def served(program, contents):
    """The page of an exporter that has this file; a port that somebody else took first is tried again."""
    for _ in range(3):
        with tempfile.TemporaryDirectory() as directory:
            os.chmod(directory, 0o755)
            pathlib.Path(directory, "gpu_sessions.prom").write_bytes(contents)
            with exporter(program, directory) as (process, url):
                page = fetch(process, url)
                if page is not None and process.poll() is None:
                    return page
    return None


def same(left, right):
    return left == right or (math.isnan(left) and math.isnan(right))


def complaints_of(program, node):
    """Every series that is not served as the file has it, and every one that is served and not in the file."""
    contents = (node / "expected.prom").read_bytes()
    page = served(program, contents)
    if page is None:
        return ["node_exporter did not answer"]
    lines = page.split("\n")
    complaints = []
    if "node_textfile_scrape_error 0" not in lines:
        complaints.append("node_exporter rejected the file: node_textfile_scrape_error is not 0")
    try:
        wanted = exposition.parse(contents)
        there = dict(exposition.sample(line) for line in lines if line and not line.startswith("#"))
    except exposition.ExpositionError as error:
        return complaints + [f"exposition: {error}"]
    for key, value in wanted.items():
        if key not in there or not same(there[key], value):
            complaints.append(f"{key[0]} {sorted(key[1])}: {value} in the file, {there.get(key)} served")
    for key in there.keys() - wanted.keys():
        if key[0].startswith("gpu_"):
            complaints.append(f"{key[0]} {sorted(key[1])}: served, and not in the file")
    return complaints


def main():
    program = shutil.which("prometheus-node-exporter") or shutil.which("node_exporter")
    if program is None:
        sys.exit("node_exporter.py: node_exporter is missing: run Tests/Tools/setup.sh")
    os.chdir(fixtures.ROOT)
    nodes = sorted(path.parent for path in pathlib.Path("Fixtures/nodes").glob("*/expected.prom"))
    fixtures.judge(nodes, lambda node: complaints_of(program, node))


if __name__ == "__main__":
    main()
