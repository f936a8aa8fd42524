"""Runs rules and their tests through the real promtool."""

import json
import pathlib
import subprocess
import tempfile

from rendering import tool


def run(*arguments, directory):
    result = subprocess.run([tool("promtool"), *arguments], cwd=directory, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    return result.returncode, result.stdout + result.stderr


def check(groups):
    """What `promtool check rules` says against the groups; empty if nothing."""
    with tempfile.TemporaryDirectory() as directory:
        pathlib.Path(directory, "rules.yaml").write_text(json.dumps({"groups": groups}))
        status, output = run("check", "rules", "rules.yaml", directory=directory)
        return output if status else ""


def test(groups, tests, every="1m"):
    """What `promtool test rules` says against the tests, with rules evaluated so often; empty if nothing."""
    order = [group["name"] for group in groups]
    document = {"rule_files": ["rules.yaml"], "evaluation_interval": every, "group_eval_order": order, "tests": tests}
    with tempfile.TemporaryDirectory() as directory:
        pathlib.Path(directory, "rules.yaml").write_text(json.dumps({"groups": groups}))
        pathlib.Path(directory, "tests.yaml").write_text(json.dumps(document))
        status, output = run("test", "rules", "tests.yaml", directory=directory)
        return output if status else ""
