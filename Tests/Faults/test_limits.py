"""Little of everything: descriptors, processes, memory, file size. It works, or it says what is wrong; the file stays whole."""

import os
import pathlib
import resource
import unittest

import judging
import scene
from scene import Scene, exposition

CGROUPS = pathlib.Path("/sys/fs/cgroup")
MEBIBYTE = 1 << 20
# resources.limits.memory of the chart's default values.
CHART_MEMORY = 256 * MEBIBYTE
NOBODY = 65534


def judged(place, outcome, may_die=()):
    """Everything wrong with a run that had too little of something; by those signals it may have ended."""
    if -outcome.status in may_die:
        return place.complaints_after_kill()
    if outcome.status == 64:  # Not even its own arguments could be read.
        return [] if place.found() == "old" and "arguments" in outcome.stderr else [f"64 {place.found()}"]
    if outcome.status == 73:
        return [] if place.found() == "old" and "cannot be written" in outcome.stderr else [f"73 {place.found()}"]
    if outcome.status not in (0, 1) or place.neighbours():
        return [f"exit status {outcome.status}, beside the file {place.neighbours()}"]
    expected, samples = exposition.parse(place.expected), place.samples()
    unsaid = judging.unsaid(expected, samples) if outcome.status == 0 else []
    return judging.complaints(expected, samples, outcome.status) + unsaid


class Limits(unittest.TestCase):
    """The same node, with less and less."""

    def sweep(self, values, limit, may_die=(), **how):
        """{value: exit status} of a run with each; every one of them must be a clean end."""
        statuses = {}
        def run(value):
            with Scene() as place:
                place.folder.chmod(0o755)
                place.directory.chmod(0o777)
                place.plant()
                outcome = place.run(preexec_fn=lambda: resource.setrlimit(limit, (value, value)), **how)
                statuses[value] = outcome.status
                return [f"limit {value}: {text}" for text in judged(place, outcome, may_die)]
        self.assertEqual(sum(scene.at_once(run, values), []), [])
        return statuses

    def test_descriptors(self):
        statuses = self.sweep(range(3, 33), resource.RLIMIT_NOFILE)
        self.assertNotEqual(statuses[3], 0)
        self.assertEqual({value: status for value, status in statuses.items() if value >= 16 and status}, {})
        print(f"\nlimits: with {min(value for value, status in statuses.items() if status == 0)} descriptors it works")

    def test_file_size(self):
        """SIGXFSZ ends the run in the middle of a write, after as many bytes as it may."""
        size = len((scene.ROOT / "Fixtures/nodes/h100-mig-mixed/expected.prom").read_bytes())
        statuses = self.sweep(range(0, size, 1024), resource.RLIMIT_FSIZE, may_die=[25])
        self.assertEqual(set(statuses.values()), {-25})
        print(f"\nlimits: {len(statuses)} kills in the middle of a write survived")

    def test_address_space(self):
        """Without memory a process ends; what it has published does not."""
        statuses = self.sweep([size * MEBIBYTE for size in (*range(14, 40, 2), 64, 256)], resource.RLIMIT_AS,
                              may_die=[4, 5, 6, 9, 11])
        self.assertEqual(statuses[CHART_MEMORY], 0)

    def test_processes(self):
        if os.geteuid() != 0:
            self.skipTest("not root: the limit would be of everything this user runs")
        somebody = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        try:
            statuses = self.sweep([0], resource.RLIMIT_NPROC, **somebody)
        except PermissionError:
            self.skipTest("the executable is where only root can run it")
        self.assertEqual(statuses, {0: 1})

    def in_cgroup(self, controller, setting, value):
        """(place, outcome) of a run in a cgroup of version 1 with that limit."""
        if not os.access(CGROUPS / controller / "cgroup.procs", os.W_OK):
            self.skipTest(f"no cgroup of version 1 for {controller} that we may write to")
        place = self.enterContext(Scene())
        place.plant()
        cgroup = CGROUPS / controller / place.folder.name
        cgroup.mkdir()
        self.addCleanup(cgroup.rmdir)
        (cgroup / setting).write_text(str(value), encoding="utf-8")
        enter = ["sh", "-c", f'echo $$ >{cgroup}/cgroup.procs; exec "$@"', "sh"]
        return place, place.run(prefix=enter)

    def test_memory_of_the_chart(self):
        place, outcome = self.in_cgroup("memory", "memory.limit_in_bytes", CHART_MEMORY)
        self.assertEqual((outcome.status, outcome.stderr, place.found()), (0, "", "new"))

    def test_memory_is_not_enough(self):
        for size in (1, 2, 4):
            place, outcome = self.in_cgroup("memory", "memory.limit_in_bytes", size * MEBIBYTE)
            self.assertEqual(judged(place, outcome, may_die=[9, 11]), [], f"{size} MiB")

    def test_number_of_processes(self):
        """Each of the first queries may be the one that finds no place any more."""
        statuses = {}
        for count in range(1, 16):
            place, outcome = self.in_cgroup("pids", "pids.max", count)
            self.assertEqual(judged(place, outcome), [], f"{count} processes")
            statuses[count] = outcome.status
        self.assertEqual((statuses[1], statuses[15]), (1, 0))


if __name__ == "__main__":
    unittest.main()
