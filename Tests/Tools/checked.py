"""Runs `check` on a node of Fixtures/nodes, as it is installed there: the file that is published is part of the node.

The node's root is copied, so that times can be put into it: @NOW@ or @NOW-600@ in a .prom file is that moment in seconds
since 1970. What differs from run to run is made the same, and the path of the copy is left out.
"""

import pathlib
import re
import shutil
import subprocess
import tempfile
import time

TEXTFILES = "var/lib/node_exporter/textfile_collector"
# Options that only other commands have, with the number of their values.
NOT_OF_CHECK = {
    "--label": 1, "--interval": 1, "--for": 1, "--no-memory-label": 0, "--no-user-label": 0,
    "--only-changes": 0,
}
MASKS = (
    (re.compile(rb"\b\d+\.\d s\b"), b"0.1 s"),
    (re.compile(rb"written \d+s ago"), b"written 9s ago"),
    (re.compile(rb"\b\d{4}-\d\d-\d\d \d\d:\d\d UTC"), b"2026-03-01 09:05 UTC"),
)


def without(arguments, left_out):
    """The arguments without some options and their values."""
    kept, rest = [], list(arguments)
    while rest:
        argument = rest.pop(0)
        name, equals, _ = argument.partition("=")
        if name not in left_out:
            kept.append(argument)
        elif not equals:
            del rest[: left_out[name]]
    return kept


def set_clocks(directory):
    """Puts the time of now into the published files, and gives them the mode that they have on a node."""
    if not directory.is_dir():
        return
    directory.chmod(0o755)
    now = int(time.time())
    for path in directory.glob("*.prom"):
        text = re.sub(r"@NOW([+-]\d+)?@", lambda match: str(now + int(match[1] or 0)), path.read_text(encoding="utf-8"))
        path.write_text(text, encoding="utf-8")
        path.chmod(0o644)
    # No run makes a lock file that others may open.
    for path in directory.glob(".*.lock"):
        path.chmod(0o644)


def checked(executable, node, environment, limit_seconds):
    """What `check` prints on the node, its exit status as the last line."""
    with tempfile.TemporaryDirectory() as directory:
        root = pathlib.Path(directory, "root")
        shutil.copytree(node / "root", root, symlinks=True)
        set_clocks(root / TEXTFILES)
        arguments = node / "arguments"
        given = arguments.read_text(encoding="utf-8").splitlines() if arguments.exists() else []
        done = subprocess.run(
            [str(executable), "check", "--nvidia-smi", "Fixtures/bin/nvidia-smi", "--host-root", str(root),
             "--output", str(root / TEXTFILES / "gpu_sessions.prom"), *without(given, NOT_OF_CHECK)],
            env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            timeout=limit_seconds, check=False,
        )
    output = done.stdout.replace(str(root).encode(), b"")
    for pattern, replacement in MASKS:
        output = pattern.sub(replacement, output)
    return output + b"exit status %d\n" % done.returncode
