"""A process whose first thread has ended, on this machine's own /proc and cgroups: it is published like any other."""

import contextlib
import os
import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest

import images

import containerd
import containerd_node
import exposition
import fixtures
import kubepods

EXECUTABLE = pathlib.Path(os.environ.get("EXECUTABLE", fixtures.ROOT / ".build/release/gpu-sessions")).resolve()
UID = 54321
POD = "7922aa99-d4aa-4885-a953-82976860b23a"
CONTAINER = "0123456789abcdef" * 4
UNIT = "gpu-sessions-first-thread.service"
LIMIT_SECONDS = 10
WHOSE = ("command", "status", "user", "unit", "pod", "namespace", "container", "pod_uid", "slurm_job_id")


def hierarchies():
    """{kind: the directories in which a process gets its cgroup}: version 1, version 2, as far as this machine has them."""
    found = {"version 1": [], "version 2": []}
    for line in pathlib.Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines():
        _, directory, kind, *_ = line.split()
        if kind in ("cgroup", "cgroup2") and kubepods.CGROUPS in (pathlib.Path(directory), pathlib.Path(directory).parent):
            found["version 2" if kind == "cgroup2" else "version 1"].append(pathlib.Path(directory))
    # A cpuset without processors takes no process.
    found["version 1"] = [path for path in found["version 1"] if path.name != "cpuset"]
    return {kind: places for kind, places in found.items() if places}


@contextlib.contextmanager
def cgroup(places, path):
    """The directories of a cgroup in these hierarchies, as long as the block lasts; skips where none can be made."""
    made = []
    try:
        for place in places:
            for part in reversed([pathlib.Path(path), *pathlib.Path(path).parents][:-1]):
                if not (place / part).exists():
                    try:
                        (place / part).mkdir()
                    except OSError as error:
                        raise unittest.SkipTest(f"{place}: {error.strerror}") from error
                    made.append(place / part)
        yield [place / path for place in places]
    finally:
        for directory in reversed(made):
            directory.rmdir()


def state(pid):
    """The state letter of the first thread."""
    return pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]


@unittest.skipIf(shutil.which("cc") is None, "no C compiler")
@unittest.skipIf(os.readlink("/proc/self/ns/pid") != containerd.INITIAL_PID_NAMESPACE, "not the host's PIDs")
class FirstThread(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.node = pathlib.Path(folder.name)
        cls.program = cls.node / "first_thread"
        images.compile_static("first_thread.c", cls.program)
        for name in ("root/etc", "nvidia-smi"):
            (cls.node / name).mkdir(parents=True)
        for name in ("proc", "sys"):
            (cls.node / "root" / name).symlink_to(f"/{name}")
        (cls.node / "root/etc/passwd").write_text(f"trainee:x:{UID}:{UID}::/:/bin/sh\n", encoding="utf-8")

    @contextlib.contextmanager
    def process(self, ending, uid, directories):
        """A process that runs, its first thread ended if so; it ends with the block."""
        command = [self.program, ending, str(uid), *directories]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            try:
                self.assertEqual(process.stdout.readline(), "ready\n")
                deadline = time.monotonic() + LIMIT_SECONDS
                while ending == "end" and state(process.pid) != "Z":
                    self.assertLess(time.monotonic(), deadline, "the first thread does not end")
                    time.sleep(0.01)
                yield process
            finally:
                process.stdin.close()
                process.wait(LIMIT_SECONDS)

    def published(self, pids):
        """What one run publishes of each of these processes, and those that it calls defunct."""
        containerd_node.write_answers(self.node / "nvidia-smi", [(0, pid, "/usr/bin/trainer") for pid in pids])
        run = fixtures.Run(EXECUTABLE, self.node)
        self.assertEqual((run.status, run.stderr), (0, b""))
        samples = exposition.parse(run.published)
        rows = {labels["pid"]: labels for labels, _ in exposition.family(samples, "gpu_process_info") if "pid" in labels}
        defunct = [labels["pid"] for labels, _ in exposition.family(samples, "gpu_process_defunct")]
        return [{name: rows[str(pid)].get(name, "") for name in WHOSE} for pid in pids], defunct

    def compare(self, uid, directories=()):
        """What is published of a process whose first thread has ended, which is what is published of one that is whole."""
        with self.process("stay", uid, directories) as whole, self.process("end", uid, directories) as ended:
            (expected, found), defunct = self.published([whole.pid, ended.pid])
        self.assertEqual(found, expected)
        self.assertEqual(defunct, [])
        return found

    def test_in_the_cgroup_of_this_test(self):
        self.compare(os.geteuid())

    @unittest.skipUnless(os.geteuid() == 0, "not root")
    def test_in_a_unit(self):
        for kind, places in hierarchies().items():
            with self.subTest(kind), cgroup(places, f"system.slice/{UNIT}") as directories:
                found = self.compare(UID, directories)
                self.assertEqual((found["user"], found["unit"], found["pod_uid"]), ("trainee", UNIT, ""))

    @unittest.skipUnless(os.geteuid() == 0, "not root")
    def test_in_a_pod(self):
        if any(comm.strip() in containerd.KUBELETS for _, comm in containerd.processes("comm")):
            self.skipTest("a kubelet runs here, which ends pods that it does not know")
        for kind, places in hierarchies().items():
            with self.subTest(kind), cgroup(places, f"kubepods/pod{POD}/{CONTAINER}") as directories:
                found = self.compare(UID, directories)
                self.assertEqual((found["pod_uid"], found["user"], found["unit"]), (POD, "", ""))

    @unittest.skipUnless(os.geteuid() == 0, "not root")
    def test_version_1_loses_the_cgroup_of_the_first_thread(self):
        places = hierarchies().get("version 1")
        if not places:
            self.skipTest("no cgroups of version 1")
        with cgroup(places, UNIT) as directories, self.process("end", UID, directories) as ended:
            self.assertNotIn(UNIT, pathlib.Path(f"/proc/{ended.pid}/cgroup").read_text(encoding="utf-8"))

    def test_a_process_that_has_ended_is_a_zombie(self):
        with self.process("stay", os.geteuid(), []) as process:
            process.stdin.close()
            deadline = time.monotonic() + LIMIT_SECONDS
            while state(process.pid) != "Z" and time.monotonic() < deadline:
                time.sleep(0.01)
            _, defunct = self.published([process.pid])
        self.assertEqual(defunct, [str(process.pid)])


if __name__ == "__main__":
    unittest.main()
