"""The floor does what its plan says, the shell collector what the collector does, and sleepers end with their launcher."""

import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import unittest

import beside  # noqa: F401

import containerd
import fixtures
import measuring
import nodes
import plan
import real
import scale
import scale_model
import strace
import subject
import tracing

# Of few pods, else the shell collector takes half a minute; one of each kind of name is among them.
PODS, PROCESSES = 20, 64


@unittest.skipIf(shutil.which("cc") is None, "no C compiler")
class Programs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        for name in subject.PROGRAMS:
            measuring.compiled(name)
        measuring.stripped(fixtures.ROOT / ".build/release/gpu-sessions")

    def setUp(self):
        self.directory = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(dir=scale.memory()))).resolve()
        listed = scale_model.processes(PROCESSES, PODS)
        self.node = nodes.make(self.directory / "node", nodes.Shape(PROCESSES, links=PODS * 5), listed, PODS)
        self.here = subject.environment(self.node)

    def run_one(self, command):
        subprocess.run(list(map(str, command)), env=self.here, stdin=subprocess.DEVNULL, check=True)

    def test_the_shell_collector_publishes_the_same_series(self):
        self.run_one(subject.collector(self.node))
        self.run_one(subject.shell(self.node))
        ours, others = (subject.series(self.node / f"output/{name}.prom") for name in ("gpu_sessions", "shell-all"))
        names = {name for name, _ in others}
        self.assertLessEqual({"gpu_process_info", "gpu_process_memory_bytes", "gpu_session_count", "gpu_allocation_info"}, names)
        self.assertEqual(others, {key: value for key, value in ours.items() if key[0] in names})

    @unittest.skipIf(strace.why_not(), "strace cannot trace here")
    def test_the_floor_opens_reads_and_writes_what_the_collector_does(self):
        command, output = subject.collector(self.node), self.node / "output/gpu_sessions.prom"
        records = tracing.records([], command, self.here, self.node / "root", output)
        (self.node / "plan").write_bytes(plan.encoded(records))
        floor = [measuring.built() / "floor", self.node / "plan"]
        ours, least = tracing.calls([], command, self.here), tracing.calls([], floor, self.here)
        published, (_, _, _, texts) = self.node / "output/floor.prom", next(record for record in records if record[0] == "P")
        self.assertEqual(published.stat().st_size, int(texts[2]))
        # Of another run: durations have more digits or fewer.
        self.assertAlmostEqual(published.stat().st_size, output.stat().st_size, delta=64)
        for call in ("readlinkat", "wait4", "renameat", "fsync"):
            self.assertEqual(least.kinds.get(call), ours.kinds.get(call), call)
        # The collector also starts a thread that watches the collection, and one that watches the publication.
        self.assertEqual(least.kinds["clone3"], ours.kinds["clone3"] - 2)
        # The runtime's own files, those opened for nothing else and the plan apart.
        self.assertLess(abs(least.kinds["openat"] - ours.kinds["openat"]), 8)
        self.assertLess(abs(least.bytes_read - ours.bytes_read), 4096)

    def test_a_floor_that_cannot_read_its_files_fails(self):
        (self.node / "plan").write_bytes(plan.encoded([("F", plan.HERE, 0, (str(self.node / "absent"),))]))
        done = subprocess.run([measuring.built() / "floor", self.node / "plan"], capture_output=True, check=False)
        self.assertEqual(done.returncode, 1)

    def test_sleepers_are_as_listed_and_end(self):
        if reason := real.why_not(PROCESSES):
            self.skipTest(reason)
        listed = scale_model.processes(PROCESSES, PODS)
        with real.sleeping(listed, self.directory) as sleepers:
            for sleeper in sleepers:
                proc = pathlib.Path("/proc", str(sleeper.pid))
                self.assertIn(f"0::{sleeper.cgroup}\n", (proc / "cgroup").read_text())
                self.assertEqual((proc / "comm").read_text().strip(), sleeper.command)
        self.assertEqual([sleeper for sleeper in sleepers if pathlib.Path("/proc", str(sleeper.pid)).exists()], [])
        self.assertFalse(any((real.hierarchy() / sleeper.cgroup.lstrip("/")).exists() for sleeper in sleepers))

    def test_sleepers_do_not_outlive_a_launcher_that_is_killed(self):
        if reason := real.why_not(PROCESSES):
            self.skipTest(reason)
        with real.sleeping(scale_model.processes(PROCESSES, PODS), self.directory) as sleepers:
            paths = [pathlib.Path("/proc", str(sleeper.pid)) for sleeper in sleepers]
            launcher = int((paths[0] / "stat").read_text().rpartition(")")[2].split()[1])
            os.kill(launcher, signal.SIGKILL)
            containerd.wait_for("sleepers to end", lambda: not any(path.exists() for path in paths))


if __name__ == "__main__":
    unittest.main()
