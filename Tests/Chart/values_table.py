#!/usr/bin/env python3
"""The table of values in chart/README.md, made from the comments of chart/values.yaml that begin with `# --`.

Usage: values_table.py [--write]      Without --write it says whether the README has it; exit status 1 if not.
"""

import json
import re
import sys

import yaml

from rendering import CHART

README, VALUES = CHART / "README.md", CHART / "values.yaml"
BEGIN, END = "<!-- values:begin -->\n", "<!-- values:end -->\n"
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


def with_table(readme):
    """The README with the table between its marks."""
    before, rest = readme.split(BEGIN)
    return before + BEGIN + table() + END + rest.split(END)[1]


def main():
    readme = README.read_text()
    wanted = with_table(readme)
    if "--write" in sys.argv[1:]:
        README.write_text(wanted)
    elif readme != wanted:
        sys.exit("chart/README.md: the table of values is not that of values.yaml: Tests/Chart/values_table.py --write")


if __name__ == "__main__":
    main()
