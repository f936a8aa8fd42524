"""The image: its Dockerfile, the root that rootfs.sh makes, and the version it carries."""

import os
import pathlib
import re
import shutil
import stat
import subprocess
import tempfile
import unittest

import yaml

from rendering import CHART, ROOT, tool

EXECUTABLE = ROOT / ".build" / "release" / "gpu-sessions"


class Root(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.root = pathlib.Path(cls.folder.name, "root")
        subprocess.run([ROOT / "packaging/image/rootfs.sh", cls.root], check=True)

    def files(self):
        return [path for path in self.root.rglob("*") if path.is_file() and not path.is_symlink()]

    def test_it_is_glibc_and_nothing_else(self):
        names = sorted(path.name for path in self.files() if not path.name.startswith("ld-linux-"))
        libraries = ["libc.so.6", "libdl.so.2", "libm.so.6", "libpthread.so.0", "librt.so.1"]
        self.assertEqual(names, ["debian_version", *libraries])

    def test_no_file_is_writable(self):
        writable = [path for path in self.files() if stat.S_IMODE(path.stat().st_mode) & 0o222]
        self.assertEqual(writable, [])

    def inside(self, *command):
        """The command in that root, with a /proc as every container has, as the image's own user."""
        confined = ["unshare", "--mount", "--pid", "--fork", f"--mount-proc={self.root}/proc"]
        return subprocess.run([*confined, "chroot", "--userspec=65534:65534", self.root, *command], capture_output=True)

    @unittest.skipUnless(subprocess.run(["unshare", "--mount", "--pid", "--fork", "true"]).returncode == 0, "needs the right to unshare")
    def test_a_program_linked_to_glibc_and_ours_run_in_it(self):
        for program, argument, said in (("/bin/true", "--version", b"GNU"), (str(EXECUTABLE), "--version", b"gpu-sessions")):
            shutil.copy(program, self.root / "usr" / "bin" / "probe")
            try:
                result = self.inside("/usr/bin/probe", argument)
            finally:
                os.unlink(self.root / "usr" / "bin" / "probe")
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertIn(said, result.stdout)


class Recipe(unittest.TestCase):
    def test_hadolint_has_nothing_to_say(self):
        result = subprocess.run([tool("hadolint"), ROOT / "Dockerfile"], capture_output=True, text=True)
        self.assertEqual((result.returncode, result.stdout), (0, ""))

    def test_everything_it_copies_is_there(self):
        sent = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
        copied = re.findall(r"^COPY (?!--)(\S+) ", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
        self.assertEqual(len(copied), 3)
        for path in copied:
            self.assertTrue((ROOT / path).exists(), path)
            self.assertTrue(any(pathlib.PurePath(path).is_relative_to(root) for root in sent), path)

    def test_a_manifest_list_is_asked_for_where_podman_and_buildah_need_it(self):
        for given, option in {"docker": "--tag", "podman": "--manifest", "/usr/bin/buildah": "--manifest"}.items():
            recipe = subprocess.run(
                ["make", "--dry-run", "image", f"CONTAINER_TOOL={given}", "PLATFORMS=linux/amd64,linux/arm64"],
                cwd=ROOT, check=True, capture_output=True, text=True).stdout
            self.assertIn(f"--platform linux/amd64,linux/arm64 {option} gpu-sessions:", recipe)

    def test_image_chart_and_executable_are_of_one_version(self):
        said = subprocess.run([EXECUTABLE, "--version"], check=True, capture_output=True, text=True).stdout
        version = said.removeprefix("gpu-sessions ").strip()
        chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
        self.assertEqual((chart["version"], chart["appVersion"]), (version, version))
        recipe = subprocess.run(["make", "--dry-run", "image"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
        self.assertIn(f"--build-arg VERSION={version} ", recipe)


if __name__ == "__main__":
    unittest.main()
