#!/usr/bin/env python3
"""Checks that the excerpts in README.md are what the fixture they are taken from says; --write fills them in."""

import pathlib
import re
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


def fill(text, block, source, shown):
    """The text with the block of that name filled, and the line where the block is."""
    match = re.search(rf"(<!-- {block}:begin -->\n).*?(<!-- {block}:end -->)", text, re.DOTALL)
    if match is None:
        sys.exit(f"README.md:1: the lines <!-- {block}:begin --> and <!-- {block}:end --> are missing")
    if not (ROOT / source).exists():
        sys.exit(f"{source}:1: missing, the README shows it: run 'make golden'")
    contents = shown((ROOT / source).read_text(encoding="utf-8"))
    filled = text[: match.start()] + f"{match[1]}```text\n{contents}```\n{match[2]}" + text[match.end():]
    return filled, text.count("\n", 0, match.start()) + 1


def main(write):
    readme = ROOT / "README.md"
    text = readme.read_text(encoding="utf-8")
    for block, source, shown in (
        ("show", f"{NODE}/expected.show", lambda contents: contents),
        ("demo", f"{NODE}/expected.prom", excerpt),
        ("check", f"{NEGLECTED}/expected.check", installed),
    ):
        filled, line = fill(text, block, source, shown)
        if filled != text and not write:
            sys.exit(f"README.md:{line}: the excerpt is not what {source} says: run 'make golden'")
        text = filled
    if write:
        readme.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main("--write" in sys.argv[1:])
