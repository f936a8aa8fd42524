"""Compares chart/dashboards with what is made here, or makes it anew.

Usage: dashboards [--write]
"""

import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import mig  # noqa: E402
import pod  # noqa: E402
import sessions  # noqa: E402

DIRECTORY = pathlib.Path(__file__).resolve().parents[3] / "chart" / "dashboards"
FILES = {"gpu-sessions.json": sessions.DASHBOARD, "mig.json": mig.DASHBOARD, "pod.json": pod.DASHBOARD}


def text(dashboard):
    return json.dumps(dashboard, indent=2, ensure_ascii=False) + "\n"


def differing():
    """Names of the files that are not as made here, and of those that nobody makes."""
    there = {path.name: path.read_text(encoding="utf-8") for path in DIRECTORY.iterdir()}
    made = {name: text(dashboard) for name, dashboard in FILES.items()}
    return sorted(name for name in there.keys() | made.keys() if there.get(name) != made.get(name))


def main(arguments):
    if arguments == ["--write"]:
        for name, dashboard in FILES.items():
            (DIRECTORY / name).write_text(text(dashboard), encoding="utf-8")
    elif arguments:
        sys.exit(__doc__)
    names = differing()
    for name in names:
        print(f"chart/dashboards/{name}: not what Tests/Tools/dashboards makes: run `make golden`")
    sys.exit(1 if names else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
