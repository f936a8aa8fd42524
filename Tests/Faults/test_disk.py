"""Disks that take no file: full, out of inodes, over quota, read-only; files and directories that may not be changed."""

import os
import shutil
import subprocess
import threading
import time
import unittest

import mounts
import scene
import tracing
from scene import Scene

NOBODY = 65534
PAGE = 4096


class Refused(unittest.TestCase):
    """73, a sentence, the old file to the byte and nothing beside it."""

    @classmethod
    def setUpClass(cls):
        mounts.enter_namespace()

    def setUp(self):
        self.place = self.enterContext(Scene())

    def expect_refusal(self, reason, **how):
        """A run that cannot write."""
        outcome = self.place.run(**how)
        self.assertEqual(outcome.stderr, f"gpu-sessions: error: {self.place.output} cannot be written: {reason}\n")
        self.assertEqual((outcome.status, self.place.found(), self.place.neighbours()), (73, "old", []))

    def expect_success(self, **how):
        """A run that can."""
        outcome = self.place.run(**how)
        self.assertEqual((outcome.status, outcome.stderr, self.place.found(), self.place.neighbours()), (0, "", "new", []))

    def test_full(self):
        """With every number of free pages: all of the file or none of it."""
        needed = -(-len(self.place.expected) // PAGE)
        for free in range(needed + 1):
            with self.subTest(free=free), mounts.mounted(self.place.directory, "-t", "tmpfs", "-o", "size=256k", "tmpfs"):
                self.place.plant()
                with open(self.place.directory / "filler", "wb", buffering=0) as filler:
                    room = os.statvfs(self.place.directory).f_bfree - free
                    filler.write(bytes(room * PAGE))
                outcome = self.place.run()
                self.assertEqual(self.place.neighbours(), ["filler"])
                found = (outcome.status, self.place.found())
                self.assertEqual(found, (0, "new") if free >= needed else (73, "old"))
                self.assertEqual("no space left on device" in outcome.stderr, free < needed, outcome.stderr)

    def test_no_inodes(self):
        with mounts.mounted(self.place.directory, "-t", "tmpfs", "-o", "nr_inodes=2", "tmpfs"):
            self.place.plant()
            self.expect_refusal("no space left on device")

    def test_read_only(self):
        with mounts.mounted(self.place.directory, "-t", "tmpfs", "tmpfs"):
            self.place.plant()
            mounts.command("mount", "-o", "remount,ro", str(self.place.directory))
            self.expect_refusal("read-only file system")
            mounts.command("mount", "-o", "remount,rw", str(self.place.directory))
            self.expect_success()

    def test_over_quota(self):
        """Only btrfs has a quota that holds for root as well and needs no support in the kernel beside its own."""
        missing = [tool for tool in ("mkfs.btrfs", "btrfs") if shutil.which(tool) is None]
        if missing:
            self.skipTest(f"not installed: {' '.join(missing)}; EDQUOT is injected by test_publishing.py")
        image = self.place.folder / "image"
        with open(image, "wb") as file:
            file.truncate(256 << 20)
        mounts.command("mkfs.btrfs", "-q", str(image))
        with mounts.mounted(self.place.directory, "-o", "loop", str(image)):
            self.place.plant()
            mounts.command("btrfs", "quota", "enable", str(self.place.directory))
            self.expect_success()
            self.place.plant()
            mounts.command("btrfs", "qgroup", "limit", "16k", str(self.place.directory))
            self.expect_refusal("disk quota exceeded")

    def make_immutable(self, path):
        """`chattr +i`, undone at the end of the test."""
        mounts.command("chattr", "+i", str(path))
        self.addCleanup(subprocess.run, ["chattr", "-i", str(path)], check=True)

    def test_immutable(self):
        """The file, its directory, and what a killed run has left."""
        reason = "operation not permitted (run it as root, or name another file with --output)"
        self.place.plant()
        self.make_immutable(self.place.output)
        self.expect_refusal(reason)
        self.doCleanups()
        self.place = self.enterContext(Scene())
        self.place.plant()
        self.make_immutable(self.place.directory)
        self.expect_refusal(reason)
        self.doCleanups()
        self.place = self.enterContext(Scene())
        self.place.plant()
        left = self.place.directory / scene.TEMPORARY
        left.write_bytes(b"half a li")
        self.make_immutable(left)
        outcome = self.place.run()
        self.assertEqual((outcome.status, self.place.found()), (73, "old"))
        self.assertIn(reason, outcome.stderr)

    def test_owned_by_somebody_else(self):
        """In a directory with the sticky bit another's file stays; in one that is ours it is replaced."""
        somebody = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        self.place.folder.chmod(0o755)
        self.place.plant()
        try:
            self.place.run("--version", **somebody)
        except PermissionError:
            self.skipTest("the executable is where only root can run it")
        self.place.directory.chmod(0o1777)
        self.expect_refusal("operation not permitted (run it as root, or name another file with --output)", **somebody)
        self.place.directory.chmod(0o755)
        self.expect_refusal("permission denied (run it as root, or name another file with --output)", **somebody)
        os.chown(self.place.directory, NOBODY, NOBODY)
        self.expect_success(**somebody)
        self.assertEqual(self.place.output.stat().st_uid, NOBODY)

    def swap(self, victim):
        """As soon as the temporary is there: the directory is moved away, and its name becomes a link elsewhere."""
        while not (self.place.directory / scene.TEMPORARY).exists():
            time.sleep(0.005)
        self.place.directory.rename(self.place.folder / "moved")
        self.place.directory.symlink_to(victim)

    def test_directory_becomes_a_link(self):
        """Everything happens in the directory that was opened, wherever its name leads in the end."""
        if tracing.why_not():
            self.skipTest(tracing.why_not())
        self.place.plant()
        victim = self.place.folder / "victim"
        victim.mkdir()
        (victim / scene.NAME).write_bytes(b"another's\n")
        (victim / scene.TEMPORARY).write_bytes(b"another's too\n")
        swapper = threading.Thread(target=self.swap, args=[victim], daemon=True)
        swapper.start()
        prefix = ["strace", "-o", "/dev/null", "-e", "inject=fsync:delay_enter=3000000:when=1"]
        outcome = self.place.run(prefix=prefix)
        swapper.join(scene.LIMIT_SECONDS)
        self.assertTrue(self.place.directory.is_symlink())
        self.assertEqual((outcome.status, outcome.stderr), (0, ""))
        self.assertEqual((victim / scene.NAME).read_bytes(), b"another's\n")
        self.assertEqual(sorted(os.listdir(victim)), sorted([scene.NAME, scene.TEMPORARY]))
        moved = self.place.folder / "moved"
        self.assertEqual(os.listdir(moved), [scene.NAME])
        self.assertEqual(scene.fixtures.without_clocks((moved / scene.NAME).read_bytes()), self.place.expected)


if __name__ == "__main__":
    unittest.main()
