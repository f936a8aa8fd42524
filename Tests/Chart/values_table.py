#!/usr/bin/env python3
"""The tables in chart/VALUES.md, from the comments of chart/values.yaml with `# --`, and chart/METRICS.md, as the README's.

Usage: values_table.py [--write]      Without --write it says whether the pages have them; exit status 1 if not.
"""

import json
import re
import sys

import yaml

from rendering import CHART, ROOT

import readme_excerpt

README, VALUES = CHART / "README.md", CHART / "values.yaml"
# Page of each table, by the name of its block.
PAGES = {"values": CHART / "VALUES.md", "metrics": CHART / "METRICS.md", "cost": CHART / "COST.md"}
KEY = re.compile(r"^( *)([A-Za-z][\w-]*):")


def documented(text):
    """Path and comment of every value that has one, in their order."""
    above, comment = [], []
    for line in text.splitlines():
        stripped = line.strip()
        key = KEY.match(line)
        if stripped.startswith("# -- "):
            comment = [stripped.removeprefix("# -- ")]
        elif stripped.startswith("#") and comment:
            comment.append(stripped.removeprefix("#").strip())
        elif key:
            above = [*above[: len(key.group(1)) // 2], key.group(2)]
            if comment:
                yield ".".join(above), " ".join(comment)
            comment = []
        else:
            comment = []


def default_of(path, values):
    for key in path.split("."):
        values = values[key]
    return json.dumps(values, ensure_ascii=False)


def table(text=None):
    text = VALUES.read_text() if text is None else text
    values = yaml.safe_load(text)
    rows = [f"| `{path}` | `{default_of(path, values)}` | {comment} |" for path, comment in documented(text)]
    return "\n".join(["| value | default | what it is |", "|---|---|---|", *rows]) + "\n"


def metrics():
    """The table of metrics, as the project's README has it: that one is held to what the program prints."""
    return readme_excerpt.block_contents((ROOT / readme_excerpt.PAGES / "Metrics.md").read_text(), "metrics")


def filled(block, contents):
    """The page of that block, filled."""
    return readme_excerpt.fill(PAGES[block].read_text(), block, contents)[0]


def keep(block, contents, command):
    """With --write the page becomes what it is to be; without, the command that does so is the end if it is not."""
    page, wanted = PAGES[block], filled(block, contents)
    if "--write" in sys.argv[1:]:
        page.write_text(wanted)
    elif page.read_text() != wanted:
        sys.exit(f"chart/{page.name}: not what it is made of: Tests/Chart/{command} --write")


if __name__ == "__main__":
    keep("values", table(), "values_table.py")
    keep("metrics", metrics(), "values_table.py")
