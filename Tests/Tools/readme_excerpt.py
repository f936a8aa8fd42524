#!/usr/bin/env python3
"""Checks that the excerpt in README.md is what the fixture it is taken from says; --write fills it in."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCE = "Fixtures/nodes/h100-mig-mixed/expected.prom"
FAMILIES = ("gpu_process_info", "gpu_session_count", "gpu_process_memory_bytes")
BLOCK = re.compile(r"(<!-- demo:begin -->\n).*?(<!-- demo:end -->)", re.DOTALL)


def excerpt(contents):
    """The lines of the shown families, headers included, in the order of the file."""
    pattern = re.compile(rf"(# (HELP|TYPE) )?({'|'.join(FAMILIES)})[ {{]")
    return "".join(f"{line}\n" for line in contents.split("\n") if pattern.match(line))


def main(write):
    readme = ROOT / "README.md"
    text = readme.read_text(encoding="utf-8")
    match = BLOCK.search(text)
    if match is None:
        sys.exit("README.md:1: the lines <!-- demo:begin --> and <!-- demo:end --> are missing")
    if not (ROOT / SOURCE).exists():
        sys.exit(f"{SOURCE}:1: missing, the README shows it: run 'make golden'")
    shown = excerpt((ROOT / SOURCE).read_text(encoding="utf-8"))
    filled = text[: match.start()] + f"{match[1]}```text\n{shown}```\n{match[2]}" + text[match.end():]
    if write:
        readme.write_text(filled, encoding="utf-8")
    elif filled != text:
        line = text.count("\n", 0, match.start()) + 1
        sys.exit(f"README.md:{line}: the excerpt is not what {SOURCE} says: run 'make golden'")


if __name__ == "__main__":
    main("--write" in sys.argv[1:])
