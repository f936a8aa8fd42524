"""Importing this lets the modules of Tests/Tools and Tests/Chart be imported."""

import pathlib
import sys

for folder in ("Tools", "Chart"):
    sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / folder))
