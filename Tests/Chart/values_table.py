#!/usr/bin/env python3
"""The tables in chart/README.md: metrics as the README has them, and values from the comments of chart/values.yaml with `# --`.

Usage: values_table.py [--write]      Without --write it says whether the README has it; exit status 1 if not.
"""

import json
import re
import sys

import yaml

from rendering import CHART, ROOT

import readme_excerpt

README, VALUES = CHART / "README.md", CHART / "values.yaml"
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


def filled(readme, block, contents):
    """The README with the block of that name filled."""
    return readme_excerpt.fill(readme, block, contents)[0]


def with_table(readme):
    """The README with both tables between their marks."""
    return filled(filled(readme, "values", table()), "metrics", metrics())


def keep(with_blocks, complaint):
    """With --write the README becomes what it is to be; without, the complaint is the end if it is not."""
    readme = README.read_text()
    wanted = with_blocks(readme)
    if "--write" in sys.argv[1:]:
        README.write_text(wanted)
    elif readme != wanted:
        sys.exit(f"chart/README.md: {complaint} --write")


if __name__ == "__main__":
    keep(with_table, "the table of values is not that of values.yaml: Tests/Chart/values_table.py")
