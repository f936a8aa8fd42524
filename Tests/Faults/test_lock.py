"""Another user who locks what it can: publication goes on. The lock file is its owner's, and never stays."""

import fcntl
import os
import subprocess
import unittest

import scene
from scene import LOCK, Scene

NOBODY = 65534
SOMEBODY = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
RUNS = 20
# Locks its last two arguments, then tries to open the first one as long as it lives, and says so if it could.
RIVAL = """
exec 8<"$2" 9<"$3"
flock -x 8 && flock -x 9 && echo locked
while :; do { echo opened; flock -x 7; } 7<"$1"; done 2>/dev/null
"""


class Lock(unittest.TestCase):
    """One directory, two users."""

    def setUp(self):
        if os.geteuid() != 0:
            self.skipTest("not root: there is no second user")
        self.place = self.enterContext(Scene())
        self.place.folder.chmod(0o755)
        self.place.plant()

    def start_rival(self):
        """Another user's process that holds locks on the directory and the output."""
        paths = [self.place.directory / LOCK, self.place.directory, self.place.output]
        rival = subprocess.Popen(
            ["/bin/sh", "-c", RIVAL, "sh", *map(str, paths)], stdout=subprocess.PIPE, text=True, cwd="/", **SOMEBODY)
        self.addCleanup(rival.stdout.close)
        self.addCleanup(rival.wait)
        self.addCleanup(rival.kill)
        self.assertEqual(rival.stdout.readline(), "locked\n")
        return rival

    def expect_success(self, **how):
        """A run that publishes without waiting for a lock."""
        outcome = self.place.run(**how)
        self.assertEqual((outcome.status, outcome.stderr, self.place.found(), self.place.neighbours()), (0, "", "new", []))
        self.assertLess(outcome.seconds, 4)

    def test_another_user_locks_all_it_can(self):
        rival = self.start_rival()
        for _ in range(RUNS):
            self.expect_success()
        rival.kill()
        self.assertEqual(rival.stdout.read(), "", "another user could open the lock file")

    def test_another_users_file_in_its_place(self):
        """In a directory that is ours it is replaced, held or not."""
        lock = self.place.directory / LOCK
        for mode in (0o600, 0o666):
            with self.subTest(mode=f"{mode:04o}"), open(lock, "wb") as file:
                os.chmod(lock, mode)
                os.chown(lock, NOBODY, NOBODY)
                fcntl.flock(file, fcntl.LOCK_EX)
                self.expect_success()

    def test_sticky_directory(self):
        """Where it cannot be replaced the sentence says whose it is and what helps."""
        self.place.directory.chmod(0o1777)
        os.chown(self.place.output, NOBODY, NOBODY)
        lock = self.place.directory / LOCK
        lock.touch(mode=0o600)
        try:
            outcome = self.place.run(**SOMEBODY)
        except PermissionError:
            self.skipTest("the executable is where only root can run it")
        self.assertEqual((outcome.status, self.place.found()), (73, "old"))
        self.assertIn(f"{lock} is not a lock file of this user, and cannot be removed", outcome.stderr)
        self.assertIn("where no other user can create files", outcome.stderr)

    def test_directory_of_another_user(self):
        os.chown(self.place.directory, NOBODY, NOBODY)
        self.place.directory.chmod(0o755)
        self.expect_success()

    def test_held(self):
        """Held for 5 s it is given up; the sentence and `check` name the holder."""
        lock = self.place.directory / LOCK
        lock.touch(mode=0o600)
        holder = subprocess.Popen(["flock", "-x", str(lock), "sleep", "60"])
        self.addCleanup(holder.wait)
        self.addCleanup(subprocess.run, ["pkill", "-P", str(holder.pid)], check=False)
        while subprocess.run(["flock", "-n", str(lock), "true"], check=False).returncode == 0:
            pass
        outcome = self.place.run()
        self.assertEqual((outcome.status, self.place.found(), self.place.neighbours()), (73, "old", [LOCK]))
        self.assertIn(f"process {holder.pid} (flock) has held the lock {lock} for 5 s", outcome.stderr)
        self.assertTrue(5 <= outcome.seconds < 9, outcome.seconds)
        checked = self.place.run_command("check", "--output", str(self.place.output))
        self.assertEqual(checked.status, 1)
        self.assertIn(f"process {holder.pid} (flock) holds {lock}", checked.stdout.decode())

    def test_two_outputs(self):
        """Another output in the same directory is another lock."""
        lock = self.place.directory / ".other.prom.lock"
        with open(lock, "wb") as file:
            lock.chmod(0o600)
            fcntl.flock(file, fcntl.LOCK_EX)
            outcome = self.place.run()
            self.assertEqual((outcome.status, self.place.found()), (0, "new"))
            self.assertLess(outcome.seconds, 4)


if __name__ == "__main__":
    unittest.main()
