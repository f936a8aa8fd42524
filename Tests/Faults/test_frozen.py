"""A child that not even SIGKILL ends, as one in the driver: frozen by the freezer of cgroup version 1."""

import os
import pathlib
import threading
import time
import unittest

import judging
import scene
from scene import Scene

FREEZER = pathlib.Path("/sys/fs/cgroup/freezer")
# A second until the timeout, 0.2 and 0.5 s of grace, and whatever else the machine does.
PATIENCE_SECONDS = 20


class Frozen(unittest.TestCase):
    """The three queries of the first wave freeze themselves."""

    def setUp(self):
        if not os.access(FREEZER / "cgroup.procs", os.W_OK):
            self.skipTest("no freezer of cgroup version 1 that we may write to")
        self.place = self.enterContext(Scene("unconfigured-idle"))
        self.place.plant()
        self.cgroup = FREEZER / self.place.folder.name
        self.cgroup.mkdir()
        self.addCleanup(self.remove)
        self.pids, self.thawed = self.place.folder / "pids", self.place.folder / "thawed"
        self.pids.touch()
        self.place.script(
            f'echo $$ >>{self.pids}\nif [ ! -e {self.thawed} ]; then echo $$ >{self.cgroup}/cgroup.procs;'
            f' echo FROZEN >{self.cgroup}/freezer.state; fi\nexec "$REAL" "$@"')

    def started(self):
        """How many children were started so far."""
        return len(self.pids.read_text(encoding="utf-8").split())

    def thaw(self):
        self.thawed.touch()
        (self.cgroup / "freezer.state").write_text("THAWED", encoding="utf-8")

    def remove(self):
        """Thaws all, waits for their end and removes the cgroup."""
        self.thaw()
        for _ in range(500):
            try:
                return self.cgroup.rmdir()
            except OSError:
                time.sleep(0.02)
        return self.fail("frozen processes have not ended")

    def expect_hang(self, stderr, lines):
        """Each line one of two reasons; the file holds nothing but the failure."""
        said = stderr.splitlines()
        self.assertEqual(len(said), lines, stderr)
        self.assertIn("cannot be killed: the driver hangs", said[0])
        for line in said[1:]:
            self.assertIn("an earlier nvidia-smi still hangs", line)
        self.assertEqual(judging.complaints({}, self.place.samples(), 1), [])

    def test_one_run_ends_in_time(self):
        outcome = self.place.run("--timeout", "1", limit=PATIENCE_SECONDS)
        self.assertEqual(outcome.status, 1)
        self.expect_hang(outcome.stderr, 1)
        alive = [int(pid) for pid in self.pids.read_text(encoding="utf-8").split()]
        self.assertTrue(alive and all(scene.lives(pid) for pid in alive), "they were to outlive SIGKILL")

    def test_nothing_is_started_beside_it(self):
        outcome = self.place.run("--timeout", "1", "--interval", "2", "--for", "9", limit=60)
        self.assertEqual(outcome.status, 1)
        ticks = len(outcome.stderr.splitlines())
        self.assertGreaterEqual(ticks, 2)
        self.expect_hang(outcome.stderr, ticks)
        self.assertLessEqual(self.started(), 4, "no second wave while the first lives")
        print(f"\nfrozen: {ticks} ticks, {self.started()} children started")

    def test_thawed_it_goes_on(self):
        """As soon as the driver answers again the next tick collects as ever."""
        timer = threading.Timer(5, self.thaw)
        timer.start()
        outcome = self.place.run("--timeout", "1", "--interval", "2", "--for", "15", limit=60)
        timer.join()
        self.assertEqual((outcome.status, self.place.found()), (0, "new"), outcome.stderr)
        self.assertGreater(self.started(), 3)


if __name__ == "__main__":
    unittest.main()
