#!/usr/bin/env python3
"""Checks that the excerpts in README.md are what their sources say; --write fills them in.

With --executable the table of metrics is compared too: it is what the program prints.
"""

import argparse
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
NODE = "Fixtures/nodes/h100-mig-mixed"
NEGLECTED = "Fixtures/nodes/installed-neglected"
FAMILIES = ("gpu_process_info", "gpu_session_count", "gpu_process_memory_bytes")


def excerpt(contents):
    """The lines of the shown families, headers included, in the order of the file."""
    pattern = re.compile(rf"(# (HELP|TYPE) )?({'|'.join(FAMILIES)})[ {{]")
    return "".join(f"{line}\n" for line in contents.split("\n") if pattern.match(line))


def installed(contents):
    """What was printed, without the exit status in the last line and with nvidia-smi where it is on a node."""
    return "".join(contents.splitlines(keepends=True)[:-1]).replace("Fixtures/bin/", "/usr/bin/")


def fill(text, block, contents):
    """The text with the block of that name filled, and the line where the block is."""
    match = re.search(rf"(<!-- {block}:begin -->\n).*?(<!-- {block}:end -->)", text, re.DOTALL)
    if match is None:
        sys.exit(f"README.md:1: the lines <!-- {block}:begin --> and <!-- {block}:end --> are missing")
    filled = text[: match.start()] + match[1] + contents + match[2] + text[match.end():]
    return filled, text.count("\n", 0, match.start()) + 1


def fenced(source, shown):
    if not (ROOT / source).exists():
        sys.exit(f"{source}:1: missing, the README shows it: run 'make golden'")
    return f"```text\n{shown((ROOT / source).read_text(encoding='utf-8'))}```\n"


def blocks(executable):
    """Name, source and contents of each block."""
    yield "show", f"{NODE}/expected.show", fenced(f"{NODE}/expected.show", lambda contents: contents)
    yield "demo", f"{NODE}/expected.prom", fenced(f"{NODE}/expected.prom", excerpt)
    yield "check", f"{NEGLECTED}/expected.check", fenced(f"{NEGLECTED}/expected.check", installed)
    if executable is not None:
        table = subprocess.run([executable, "metrics"], check=True, capture_output=True, text=True).stdout
        yield "metrics", "`gpu-sessions metrics`", table


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--executable", type=pathlib.Path)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    readme = ROOT / "README.md"
    text = readme.read_text(encoding="utf-8")
    for block, source, contents in blocks(arguments.executable):
        filled, line = fill(text, block, contents)
        if filled != text and not arguments.write:
            sys.exit(f"README.md:{line}: the excerpt is not what {source} says: run 'make golden'")
        text = filled
    if arguments.write:
        readme.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
