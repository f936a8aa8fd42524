"""File systems that do not answer: a FUSE mount that nobody serves, a disk that writes nothing. Each run ends in time."""

import contextlib
import os
import signal
import subprocess
import time
import unittest

import judging
import mounts
import scene
import tracing
from scene import Scene, fixtures

TIMEOUT_SECONDS = 1
# Options.collectionLimit and Options.runLimit: what a run may take beyond --timeout.
COLLECTION_SECONDS, RUN_SECONDS = TIMEOUT_SECONDS + 3, TIMEOUT_SECONDS + 9
# What the machine may be slower.
SLACK_SECONDS = 4
HANGS = "a file system of the node does not answer"


class Hanging(unittest.TestCase):
    """One directory of the node, or the output's, hangs."""

    @classmethod
    def setUpClass(cls):
        mounts.enter_namespace()

    def setUp(self):
        self.place = self.enterContext(Scene("checkpoint-v2"))
        self.place.plant()

    def expect_time(self, seconds, limit):
        """It took as long as it may, and not longer."""
        self.assertTrue(limit <= seconds < limit + SLACK_SECONDS, f"{seconds} s, not {limit}")

    def logs(self):
        """The node's log directory hangs."""
        return mounts.hanging(self.place.node / "root/var/log/pods")

    def test_listing(self):
        """1, a sentence, and a file that says so."""
        with self.logs():
            outcome = self.place.run("--timeout", str(TIMEOUT_SECONDS))
        self.assertEqual(outcome.status, 1, outcome.stderr)
        self.assertEqual(outcome.stderr.count("\n"), 1, outcome.stderr)
        self.assertIn(HANGS, outcome.stderr)
        self.assertEqual(judging.complaints({}, self.place.samples(), 1), [])
        self.assertEqual(self.place.neighbours(), [])
        self.expect_time(outcome.seconds, COLLECTION_SECONDS)

    def test_reading(self):
        """The kubelet's checkpoint, below a directory that hangs."""
        with mounts.hanging(self.place.node / "root/var/lib/kubelet/device-plugins"):
            outcome = self.place.run("--timeout", str(TIMEOUT_SECONDS))
        self.assertEqual(outcome.status, 1)
        self.assertEqual(judging.complaints({}, self.place.samples(), 1), [])

    def test_loop(self):
        """It ends, and says that it does."""
        with self.logs():
            outcome = self.place.run("--timeout", str(TIMEOUT_SECONDS), "--interval", "6", "--for", "60")
        self.assertEqual(outcome.status, 1)
        self.assertIn("no further run", outcome.stderr)
        self.assertEqual(judging.complaints({}, self.place.samples(), 1), [])
        self.expect_time(outcome.seconds, COLLECTION_SECONDS)

    def test_recovered(self):
        """The run after it is one like any other."""
        with self.logs():
            self.place.run("--timeout", str(TIMEOUT_SECONDS))
        outcome = self.place.run()
        self.assertEqual((outcome.status, outcome.stderr, self.place.found()), (0, "", "new"))

    def test_show(self):
        with self.logs():
            outcome = self.place.run_command("show", "--timeout", str(TIMEOUT_SECONDS))
        self.assertEqual(outcome.status, 1)
        self.assertIn(HANGS, outcome.stderr)
        self.expect_time(outcome.seconds, COLLECTION_SECONDS)

    def test_check(self):
        """It says which check hangs."""
        with mounts.hanging(self.place.directory):
            outcome = self.place.run_command("check", "--output", str(self.place.output))
        self.assertEqual(outcome.status, 1)
        self.assertIn("fail  textfile-directory  the check does not end", outcome.stdout.decode())

    def test_output_directory(self):
        with mounts.hanging(self.place.directory):
            outcome = self.place.run("--timeout", str(TIMEOUT_SECONDS))
        self.assertEqual((outcome.status, self.place.found()), (73, "old"))
        self.assertEqual(outcome.stderr.count("\n"), 1, outcome.stderr)
        self.assertIn(f"{self.place.output} cannot be written: its file system does not answer in time", outcome.stderr)
        self.expect_time(outcome.seconds, RUN_SECONDS)

    def test_remove(self):
        with mounts.hanging(self.place.directory):
            outcome = self.place.run_command("remove", "--output", str(self.place.output))
        self.assertEqual((outcome.status, self.place.found()), (73, "old"))
        self.assertIn("cannot be removed: its file system does not answer", outcome.stderr)

    @contextlib.contextmanager
    def started(self, *arguments):
        """A run that hangs by now; it is killed at the end if it has to be."""
        run = subprocess.Popen(
            [*self.place.command(), *arguments], env=fixtures.environment(self.place.node), cwd=scene.ROOT,
            stderr=subprocess.PIPE, text=True)
        try:
            time.sleep(1.5)
            yield run
        finally:
            run.kill()
            run.wait()
            run.stderr.close()

    def test_signals(self):
        """SIGTERM and SIGINT end a run within a second, whatever it waits for; the file stays."""
        for number in (signal.SIGTERM, signal.SIGINT):
            for directory in (self.place.node / "root/var/log/pods", self.place.directory):
                with self.subTest(number=number, directory=directory), mounts.hanging(directory), self.started() as run:
                    self.assertIsNone(run.poll())
                    start = time.monotonic()
                    run.send_signal(number)
                    self.assertEqual(run.wait(10), 1)
                    self.assertLess(time.monotonic() - start, 1.5)
                    self.assertIn("stopped by SIGTERM or SIGINT before", run.stderr.read())
                self.assertEqual((self.place.found(), self.place.neighbours()), ("old", []))

    def test_disk_that_does_not_write(self):
        """fsync hangs: 73, the old file, and the next run removes what is left."""
        if tracing.why_not():
            self.skipTest(tracing.why_not())
        prefix = ["strace", "-o", "/dev/null", "-e", "inject=fsync:delay_enter=13000000:when=1"]
        outcome = self.place.run("--timeout", str(TIMEOUT_SECONDS), prefix=prefix)
        self.assertEqual(outcome.status, 73, outcome.stderr)
        self.assertIn("does not answer in time", outcome.stderr)
        self.expect_time(outcome.seconds, RUN_SECONDS)
        self.assertEqual(self.place.complaints_after_kill(), [])

    def test_stderr_that_nobody_reads(self):
        """A full pipe keeps nobody from publishing."""
        self.place.script("exit 6")
        with self.full_pipe() as pipe:
            outcome = self.place.run(stderr=pipe)
        self.assertEqual(outcome.status, 1)
        self.assertNotEqual(self.place.found(), "old")

    @contextlib.contextmanager
    def full_pipe(self):
        """The writing end of a pipe into which nothing fits any more."""
        with subprocess.Popen(["sleep", "60"], stdin=subprocess.PIPE) as reader:
            os.set_blocking(reader.stdin.fileno(), False)
            with contextlib.suppress(BlockingIOError):
                while True:
                    os.write(reader.stdin.fileno(), bytes(4096))
            os.set_blocking(reader.stdin.fileno(), True)
            yield reader.stdin.fileno()
            reader.kill()


if __name__ == "__main__":
    unittest.main()
