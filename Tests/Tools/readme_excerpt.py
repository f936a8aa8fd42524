#!/usr/bin/env python3
"""Checks that the excerpts in the READMEs and the pages are what their sources say; --write fills them in.

With --executable the table of metrics is compared too: it is what the program prints.
"""

import argparse
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
READMES = ("README.md", "README.ko.md")
PAGES = "Sources/gpu-sessions/Documentation.docc"
# The file: its blocks. Other pages have none.
PLACES = {
    **dict.fromkeys(READMES, ["show"]),
    f"{PAGES}/Metrics.md": ["demo", "metrics"],
    f"{PAGES}/CommandLine.md": ["check"],
}
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


def find(text, block):
    """The match of the block of that name; its first group is what the block holds."""
    return re.search(rf"<!-- {block}:begin -->\n(.*?)<!-- {block}:end -->", text, re.DOTALL)


def block_contents(text, block):
    """What the block of that name holds."""
    return find(text, block)[1]


def fill(text, block, contents):
    """The text with the block of that name filled, and the line where the block is."""
    match = find(text, block)
    filled = text[: match.start(1)] + contents + text[match.end(1):]
    return filled, text.count("\n", 0, match.start()) + 1


def misplaced(text, names):
    """What is wrong with the marks of the blocks, of which there are to be exactly those named; None if nothing is."""
    marks = re.findall(r"^<!-- (\S+):(begin|end) -->$", text, re.MULTILINE)
    found = [name for name, _ in marks[::2]]
    if sorted(found) != sorted(names):
        return f"has the blocks {', '.join(found) or 'none'}, and is to have {', '.join(names)}"
    if marks != [(name, end) for name in found for end in ("begin", "end")]:
        return "a block does not end before the next begins"
    return None


def fenced(source, shown):
    if not (ROOT / source).exists():
        sys.exit(f"{source}:1: missing, the README shows it: run 'make golden'")
    return f"```text\n{shown((ROOT / source).read_text(encoding='utf-8'))}```\n"


def table(executable):
    return subprocess.run([executable, "metrics"], check=True, capture_output=True, text=True).stdout


def blocks(executable):
    """Name, source and contents of each block; no contents of what only the executable says where there is none."""
    yield "show", f"{NODE}/expected.show", fenced(f"{NODE}/expected.show", lambda contents: contents)
    yield "demo", f"{NODE}/expected.prom", fenced(f"{NODE}/expected.prom", excerpt)
    yield "check", f"{NEGLECTED}/expected.check", fenced(f"{NEGLECTED}/expected.check", installed)
    yield "metrics", "`gpu-sessions metrics`", table(executable) if executable else None


def update(readme, generated):
    """The text of one README with its blocks filled, and what was not as it is to be, each a line for a person."""
    text = (ROOT / readme).read_text(encoding="utf-8")
    wrong = misplaced(text, [name for name, _, _ in generated])
    if wrong is not None:
        sys.exit(f"{readme}:1: {wrong}")
    stale = []
    for name, source, contents in generated:
        if contents is None:
            continue
        filled, line = fill(text, name, contents)
        if filled != text:
            stale.append(f"{readme}:{line}: the excerpt is not what {source} says: run 'make golden'")
        text = filled
    return text, stale


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--executable", type=pathlib.Path)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    generated = list(blocks(arguments.executable))
    updates = {place: update(place, [block for block in generated if block[0] in names]) for place, names in PLACES.items()}
    if arguments.write:
        for readme, (text, _) in updates.items():
            (ROOT / readme).write_text(text, encoding="utf-8")
    elif any(stale for _, stale in updates.values()):
        sys.exit("\n".join(line for _, stale in updates.values() for line in stale))


if __name__ == "__main__":
    main()
