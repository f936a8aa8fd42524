"""The hardware check as a whole, beside an nvidia-smi with every quirk that is known: no GPU is needed here."""

import functools
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest
import unittest.mock

import fake_gpu
import hardware_check
from hardware import gpm, names, questions, recorder, times
from hardware.budget import Budget

import containerd
import fixtures

EXECUTABLE = fixtures.ROOT / ".build/release/gpu-sessions"
READS = {"-L", "--query-gpu", "--query-compute-apps", "pmon", "dmon", "-q", "--help-query-gpu", "--version", ""}
ONE_ROUND = ("2-times", "times", 90, functools.partial(times.run, rounds=1))
PARTS = (hardware_check.PARTS[0], ONE_ROUND, *hardware_check.PARTS[2:])
SECRET = "hunter2-of-somebody"


def why_not():
    """Why the whole cannot be tried here; None if it can."""
    if shutil.which("cc") is None:
        return "no C compiler"
    if os.readlink("/proc/self/ns/pid") != containerd.INITIAL_PID_NAMESPACE:
        return "needs the PIDs of the machine"
    return None if EXECUTABLE.exists() else "the release executable is not built"


class Directory(unittest.TestCase):
    """With a directory of its own that another user can read."""

    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.folder.chmod(0o755)

    def gpu(self, *machine, **quirks):
        """The fake machine, in which this process is from now on."""
        (self.folder / "gpu").mkdir()
        fake = fake_gpu.FakeGPU(self.folder / "gpu", *machine, **quirks)
        for target in (os.environ, recorder.ENVIRONMENT):
            self.enterContext(unittest.mock.patch.dict(target, fake.variables))
        return fake

    def check(self, fake, parts=PARTS, seconds=300):
        """{part: state}; complaints, and the text of the summary in `self`."""
        with open(os.devnull, "w") as null, unittest.mock.patch.object(sys, "stdout", null):
            every, self.complaints = hardware_check.check(
                EXECUTABLE, str(fake.program), self.folder / "results", Budget(seconds), parts)
        self.summary = (self.folder / "results/summary.md").read_text()
        return {one.name: one.state for one in every}

    def records(self, part):
        text = (self.folder / f"results/{part}.jsonl").read_text()
        return [json.loads(line) for line in text.splitlines()]

    def answer(self, begin):
        """The line of the summary that begins so."""
        return next(line for line in self.summary.splitlines() if f": {begin}" in line or line.startswith(f"- {begin}"))


@unittest.skipIf(why_not(), why_not())
class Whole(Directory):
    def test_every_part_runs_and_only_asks(self):
        fake = self.gpu()
        found = self.check(fake)
        self.assertEqual(set(found.values()), {"done"}, self.summary)
        self.assertEqual(self.complaints, [])
        self.assertEqual({arguments[0].partition("=")[0] if arguments else "" for _, arguments in fake.calls()}, READS)
        self.assertEqual([path for name in found if not (path := self.folder / f"results/{name}.jsonl").exists()], [])
        self.assertIn("13 figures on 1 devices compared, 0 complaints", self.summary)
        recorded = {path.name for path in (self.folder / "results/node/nvidia-smi").iterdir()}
        self.assertEqual(recorded, {f"{query}.stdout" for query in ("query-gpu", "query-compute-apps", "pmon", "list", "table")})

    def test_every_call_has_its_status_output_and_time(self):
        self.check(self.gpu(), PARTS[3:4])
        calls = [record for record in self.records("4-facts") if "command" in record]
        self.assertEqual(calls[-1]["stdout"], "NVIDIA-SMI version  : 590.48.01\n")
        for call in calls:
            self.assertLessEqual({"command", "status", "stdout", "stderr", "seconds"}, call.keys())

    def test_a_table_that_disagrees_is_a_complaint(self):
        self.check(self.gpu(table_mib=1), PARTS[:1])
        self.assertEqual(["811597824.0 published, nvidia-smi has 812646400.0" in one for one in self.complaints], [True] * 2)
        self.assertIn(self.complaints[0], self.summary)

    def test_mig_instances_settle_what_only_they_can(self):
        found = self.check(self.gpu("h100-mig-590"), (PARTS[0], *PARTS[2:4]))
        self.assertEqual(set(found.values()), {"done"}, self.summary)
        self.assertEqual(self.complaints, [])
        self.assertIn("Settled: yes, of 4 of 4 instances, first in cycle [3]", self.answer(questions.OPEN["mig-values"]))
        self.assertIn("the instance's own: gract 99 on 3g.40gb", self.answer(questions.OPEN["mig-percent"]))
        self.assertIn("Settled: exit status 0", self.answer(questions.OPEN["mig-uuid"]))
        if os.geteuid() == 0:
            self.assertIn("UID 65534 sees 4 instances, root 4", self.answer(questions.OPEN["mig-rights"]))

    def test_nothing_of_others_is_in_the_results(self):
        fake = self.gpu()
        command = [sys.executable, fake_gpu.SOURCES / "cuda_process.py", "8", "1", f"--token={SECRET}", "/home/ada/train.py"]
        other = subprocess.Popen(
            [SECRET.encode() + b" --token=" + SECRET.encode() + b"x" * 30, *command[1:]], executable=sys.executable, stdin=subprocess.PIPE,
            env=os.environ | {"PYTHONHOME": f"{sys.base_prefix}:{sys.base_exec_prefix}"}, stdout=subprocess.PIPE)
        self.addCleanup(other.communicate)
        other.stdout.readline()
        self.check(fake, (PARTS[0], *PARTS[4:]))
        self.assertEqual(self.complaints, [])
        text = "".join(path.read_text() for path in (self.folder / "results").rglob("*") if path.is_file())
        self.assertIn(f" {other.pid} ", text)
        for word in (SECRET, "x" * 20, "/home/ada", "1321021012345", "GPU-00000000-0000"):
            self.assertNotIn(word, text.replace("GPU-00000000-0000-0000-0000-000000000000, 4242", ""))


@unittest.skipIf(why_not(), why_not())
class Names(Directory):
    def test_what_each_output_makes_of_each_name(self):
        self.check(self.gpu(), PARTS[4:5])
        self.assertEqual(self.complaints, [])
        for begin, answers in {
                "a line feed in a name": ["the CSV prints 'line1\\nline2'", "-q -x prints 'line1\\nline2'"],
                "a comma in a name": ["the CSV prints 'mem? hog?x'", "-q -d PIDS prints 'mem, hog,x'"],
                "markup in a name": ["-q -x prints '</process_name></process_info></processes></gpu><gpu>'"],
                "invalid UTF-8 in a name": ["the CSV prints '/x/\\udcff\\udcfe\\udc80bad'"],
                "a long name": ["the table prints 'C   ...ddddddddddddddddddddd/program"],
                "a dash as name": ["the CSV prints '-'"]}.items():
            for answer in answers:
                self.assertIn(answer, self.answer(begin))
        self.assertIn("Settled: not well-formed", self.answer(questions.OPEN["xml-names"]))

    def test_a_process_that_is_missing_or_forged_is_a_complaint(self):
        samples = {("gpu_process_info", frozenset({("pid", pid), ("gpu", "0")})): 1 for pid in ("7", "4242")}
        self.assertEqual(names.forged_complaints(samples, {"a comma": "7"}), ["a process was forged by a name: 4242"])
        self.assertEqual(names.forged_complaints({}, {"a comma": "7"}), ["a comma: process 7 is published 0 times"])


@unittest.skipIf(why_not(), why_not())
class Trouble(Directory):
    """What goes wrong costs its part only, and is said."""

    def test_an_old_driver(self):
        found = self.check(self.gpu(gpm="refused", unknown=["gpu_recovery_action", "clocks_event_reasons.gpu_idle"]), PARTS[2:4])
        self.assertEqual(set(found.values()), {"done"})
        self.assertIn("exit status 2", self.answer("dmon, metrics 1,2,10, options m, plain, under load"))
        self.assertIn('Field "gpu_recovery_action" is not a valid field', self.answer("--query-gpu=gpu_recovery_action, under load"))
        self.assertIn("exit status 0: compute_mode / Default", self.answer("--query-gpu=compute_mode, under load"))

    def test_mig_without_figures_is_said_and_settles_nothing_more(self):
        for quirk, words in (("dashes", "dashes only"), ("nameless", "exit status 0 after")):
            with self.subTest(quirk=quirk):
                self.setUp()
                self.check(self.gpu("h100-mig-590", gpm=quirk), PARTS[2:3])
                self.assertIn("Settled: no:", self.answer(questions.OPEN["mig-values"]))
                self.assertIn(words, self.answer(questions.OPEN["mig-values"]))
                self.assertIn("Still open", self.answer(questions.OPEN["mig-percent"]))

    def test_a_call_that_hangs_costs_its_part_and_the_others_run(self):
        short = ("3-gpm", "gpm", 3, gpm.run)
        found = self.check(self.gpu(hang=["dmon"]), (short, PARTS[3]))
        self.assertTrue(found["3-gpm"].startswith("stopped: its limit of 3 s is over"), found)
        self.assertEqual(found["4-facts"], "done")
        self.assertIn("no answer within", self.summary)
        self.assertIn("- 3-gpm: stopped: its limit", self.summary)

    def test_slow_calls_leave_fewer_rounds_and_their_figures(self):
        slow = ("2-times", "times", 6, times.run)
        found = self.check(self.gpu(slow={"-L": 1}), (slow,))
        self.assertTrue(found["2-times"].startswith("stopped"), found)
        self.assertRegex(self.answer("How long does query-gpu take?"), r"\d+ ms of [1-9] alone")

    def test_an_nvidia_smi_that_lists_nothing(self):
        fake = self.gpu()
        fake.program.write_text("#!/bin/sh\necho 'No devices were found'\nexit 6\n")
        every = self.check(fake)
        self.assertIn("no GPU that nvidia-smi can read: nvidia-smi -L ended with 6: No devices were found", every["1-figures"])

    def test_a_query_that_is_refused(self):
        found = self.check(self.gpu(unknown=["power.limit"]), PARTS[:1])
        self.assertRegex(found["1-figures"], "^did not run: nvidia-smi does not answer query-gpu: exit status 2, Field \"power.limit\"")

    def test_no_cuda(self):
        fake = self.gpu()
        (fake.directory / "libcuda.so.1").write_text("no library")
        found = self.check(fake, PARTS[:1])
        self.assertTrue(found["1-figures"].startswith("did not run: no CUDA process"), found)

    def test_an_error_that_nobody_foresaw(self):
        def broken(*_):
            raise KeyError("x")
        found = self.check(self.gpu(), (("1-figures", "figures", 9, broken), PARTS[3]))
        self.assertEqual(found, {"1-figures": "failed: KeyError: 'x'", "4-facts": "done"})
        self.assertIn("Traceback", self.records("1-figures")[-1]["error"])

    def test_a_run_that_is_cut_off_leaves_what_it_had(self):
        fake = self.gpu()
        results = self.folder / "results"
        command = [sys.executable, hardware_check.__file__, "--executable", EXECUTABLE, "--nvidia-smi", fake.program, "--results", results]
        with subprocess.Popen(command, env=fake.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            containerd.wait_for("the first part", (results / "1-figures.jsonl").exists)
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.wait(60), 1)
        summary = (results / "summary.md").read_text()
        self.assertIn("- 1-figures: was cut off while it ran", summary)
        self.assertIn("- 6-states: did not run: the check was cut off before it", summary)
        containerd.wait_for("its processes to end", lambda: not any(
            belongs(path, fake) for path in pathlib.Path("/proc").glob("[0-9]*/environ")))


def belongs(path, fake):
    """Whether a process of the fake machine is left."""
    try:
        return str(fake.directory).encode() in path.read_bytes() and path.parent.name != str(os.getpid())
    except OSError:
        return False


if __name__ == "__main__":
    unittest.main()
