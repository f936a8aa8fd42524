"""The workflows of .github, and the scripts of packaging/ci that their steps run. Nothing is published here."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import yaml
from staging import ROOT

WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
SCRIPTS = ROOT / "packaging/ci"
DIGEST = "sha256:" + "0123456789abcdef" * 4


def steps(path):
    """(name of the job, step) of every step."""
    return [(name, step) for name, job in yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"].items() for step in job["steps"]]


def script(name, *arguments, **environment):
    command = [SCRIPTS / name, *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True)


def version():
    return subprocess.run(["make", "--no-print-directory", "--silent", "version"], cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()


class Workflows(unittest.TestCase):
    def test_every_line_of_shell_is_one_and_every_script_is_run(self):
        shell = "\n".join(step["run"] for path in WORKFLOWS for _, step in steps(path) if "run" in step)
        plain = re.sub(r"\$\{\{[^}]*\}\}", "x", shell)
        self.assertEqual(plain, shell, "an expression in shell may hold shell: pass it as a variable")
        subprocess.run(["bash", "-n"], input=plain, check=True, text=True)
        run = set(re.findall(r"packaging/ci/([\w-]+\.sh)", shell))
        self.assertEqual(run, {path.name for path in SCRIPTS.iterdir()})
        targets = set(re.findall(r"^make (\w+)$", shell, re.MULTILINE))
        self.assertEqual(targets, {"check", "release"})
        self.assertIn("\n.ci/run\n", shell)

    def test_every_action_is_of_a_version_and_nobody_may_write_but_who_publishes(self):
        for path in WORKFLOWS:
            self.assertEqual(yaml.safe_load(path.read_text(encoding="utf-8"))["permissions"], {"contents": "read"})
            used = [step["uses"] for _, step in steps(path) if "uses" in step]
            self.assertEqual([action for action in used if not re.fullmatch(r"[\w-]+/[\w-]+@v\d+", action)], [])
        jobs = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text(encoding="utf-8"))["jobs"]
        self.assertEqual([name for name, job in jobs.items() if "write" in job.get("permissions", {}).values()], ["image", "publish"])

    @unittest.skipUnless(shutil.which("actionlint"), "actionlint is not installed")
    def test_actionlint_has_nothing_to_say(self):
        result = subprocess.run(["actionlint", *WORKFLOWS], cwd=ROOT, capture_output=True, text=True)
        self.assertEqual((result.returncode, result.stdout), (0, ""))


class Scripts(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def test_a_tag_of_another_version_ends_the_release(self):
        self.assertEqual(script("tag.sh", GITHUB_REF_NAME=f"v{version()}").returncode, 0)
        refused = script("tag.sh", GITHUB_REF_NAME="v9.9.9")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("the tag is v9.9.9", refused.stderr)

    def test_names_are_the_owners_in_small_letters(self):
        said = dict(line.split("=", 1) for line in script("names.sh", REGISTRY="registry.example", OWNER="SomeBody").stdout.splitlines())
        place = "registry.example/somebody"
        self.assertEqual(said, {
            "version": version(), "image": f"{place}/gpu-sessions", "charts": f"{place}/charts",
            "chart": f"{place}/charts/gpu-session-monitoring"})

    def helm(self, text):
        program = self.folder / "helm"
        program.write_text(f"#!/bin/sh\necho \"$@\" >{self.folder}/asked\ncat <<'EOF'\n{text}\nEOF\n")
        program.chmod(0o755)
        (self.folder / "gpu-session-monitoring-1.2.3.tgz").touch()
        return script("push-chart.sh", self.folder, "registry.example/a/charts", PATH=f"{self.folder}:{os.environ['PATH']}")

    def test_the_charts_digest_is_what_helm_prints(self):
        pushed = self.helm(f"Pushed: registry.example/a/charts/gpu-session-monitoring:1.2.3\nDigest: {DIGEST}")
        self.assertEqual((pushed.returncode, pushed.stdout), (0, f"digest={DIGEST}\n"))
        self.assertIn("oci://registry.example/a/charts", (self.folder / "asked").read_text())
        self.assertEqual(self.helm("Pushed: somewhere").returncode, 1)

    def part(self, architecture, **files):
        folder = self.folder / "parts" / f"dist-{architecture}"
        folder.mkdir(parents=True)
        for name, text in files.items():
            (folder / name).write_text(text)
        sums = subprocess.run("sha256sum -- *", shell=True, cwd=folder, check=True, capture_output=True, text=True).stdout
        (folder / "SHA256SUMS").write_text(sums)
        return folder

    def test_files_of_both_architectures_are_gathered_with_one_list_of_checksums(self):
        self.part("amd64", chart="same", one="1")
        arm = self.part("arm64", chart="same", two="2")
        gathered = script("gather.sh", self.folder / "parts", self.folder / "out")
        self.assertEqual(gathered.returncode, 0, gathered.stderr)
        self.assertIn("### ", gathered.stdout)
        self.assertNotIn("\n## [", gathered.stdout)
        self.assertEqual(sorted(path.name for path in (self.folder / "out").iterdir()), ["SHA256SUMS", "chart", "one", "two"])
        subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=self.folder / "out", check=True)
        (arm / "two").write_text("changed on the way")
        self.assertNotEqual(script("gather.sh", self.folder / "parts", self.folder / "other").returncode, 0)

    def test_two_charts_that_differ_end_the_release(self):
        self.part("amd64", chart="a")
        self.part("arm64", chart="b")
        refused = script("gather.sh", self.folder / "parts", self.folder / "out")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("chart differs between architectures", refused.stderr)


if __name__ == "__main__":
    unittest.main()
