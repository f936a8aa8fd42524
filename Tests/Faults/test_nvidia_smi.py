"""An nvidia-smi that hangs, dies, lies or changes its mind: a run publishes only what it knows, and in time."""

import time
import unittest

import judging
import scene
from scene import Scene, exposition

TIMEOUT_SECONDS = 1
# Past the timeout a child has 0.7 s to end; the rest is for machines that do something else as well.
PATIENCE_SECONDS = TIMEOUT_SECONDS + 15
MIG_NODE = "h100-mig-mixed"
TABLE, APPS, GPUS, LIST, PMON = "''", "--query-compute-apps*", "--query-gpu*", "-L", "pmon*"


def only(query, instead):
    """A script that does something else for one query."""
    return f'case "$*" in {query}) {instead} ;; esac\nexec "$REAL" "$@"'


class Misbehaviour(unittest.TestCase):
    """One scene each; the older file lies there before."""

    def setUp(self):
        self.place = self.enterContext(Scene(MIG_NODE))
        self.place.plant()

    def collect(self, script):
        """One run with that nvidia-smi; never past the timeout."""
        self.place.script(script)
        outcome = self.place.run("--timeout", str(TIMEOUT_SECONDS), limit=PATIENCE_SECONDS)
        self.assertEqual(self.place.neighbours(), [])
        complaints = judging.complaints(exposition.parse(self.place.expected), self.place.samples(), outcome.status)
        self.assertEqual(complaints, [])
        return outcome

    def expect_failure(self, script, reason):
        """Exit 1, a sentence, a file that holds nothing but that."""
        outcome = self.collect(script)
        self.assertEqual((outcome.status, outcome.stderr.count("\n")), (1, 1), outcome.stderr)
        self.assertIn(reason, outcome.stderr)

    def expect_without_mig(self, script):
        """Exit 0, success 0: the GPUs without MIG are there with their sessions, the instances are not, not even idle."""
        outcome = self.collect(script)
        self.assertEqual(outcome.status, 0, outcome.stderr)
        samples = self.place.samples()
        self.assertFalse(judging.published_health(samples)["success"])
        self.assertFalse(judging.published_health(samples)["stages"]["mig"])
        everyone = judging.rows(exposition.parse(self.place.expected))
        whole = {gpu: pids for gpu, pids in everyone.items() if "_" not in gpu}
        self.assertTrue(any(whole.values()) and len(whole) < len(everyone))
        self.assertEqual(judging.rows(samples), whole)

    def test_hangs(self):
        self.expect_failure("exec sleep 600", "no answer in time")

    def test_ignores_sigterm(self):
        self.expect_failure("trap '' TERM INT HUP QUIT; while :; do sleep 600; done", "no answer in time")

    def test_hangs_in_one_query_only(self):
        for query in (GPUS, APPS):
            self.expect_failure(only(query, "exec sleep 600"), "no answer in time")

    def test_forks_a_child_that_keeps_the_pipe(self):
        """The answer is whole and counts; the run does not wait for the child, and the child is ended."""
        pids = self.place.folder / "pids"
        started = time.monotonic()
        self.place.script(f'sleep 601 & echo $! >>{pids}; exec "$REAL" "$@"')
        outcome = self.place.run("--timeout", "60", limit=50)
        self.assertEqual((outcome.status, outcome.stderr, self.place.found()), (0, "", "new"))
        self.assertLess(time.monotonic() - started, 40)
        for pid in map(int, pids.read_text(encoding="utf-8").split()):
            self.assertFalse(scene.lives(pid), f"{pid} lives")

    def test_closes_its_output_and_lives_on(self):
        self.expect_failure('"$REAL" "$@"; exec >&- 2>&-; sleep 600', "no answer in time")

    def test_writes_a_gigabyte(self):
        self.expect_failure("exec head -c 1000000000 /dev/zero", "wrote more than 8 MiB and was stopped")
        self.place.plant()
        self.expect_failure("exec head -c 1000000000 /dev/zero >&2", "wrote more than 8 MiB and was stopped")

    def test_writes_a_gigabyte_in_place_of_the_table(self):
        self.expect_without_mig(only(TABLE, "exec head -c 1000000000 /dev/zero"))

    def test_hangs_in_place_of_the_table(self):
        self.expect_without_mig(only(TABLE, "exec sleep 600"))

    def test_hangs_in_the_second_wave(self):
        """All sessions are there; the instances have neither UUID nor profile, which is counted."""
        outcome = self.collect(only(LIST, "exec sleep 600"))
        samples = self.place.samples()
        health = judging.published_health(samples)
        self.assertEqual((outcome.status, health["stages"]["mig"], health["problems"]["mig_layout_changed"]), (0, False, 1))
        self.assertEqual(judging.rows(samples), judging.rows(exposition.parse(self.place.expected)))

    def test_dies_half_way_through_the_table(self):
        for end in ("kill -SEGV $$", "kill -KILL $$", "exit 255"):
            self.expect_without_mig(only(TABLE, f'ulimit -c 0; "$REAL" "$@" | head -n 12; {end}'))
            self.place.plant()

    def test_table_cut_at_every_line(self):
        """Wherever the table ends, no instance becomes idle that is not."""
        whole = (self.place.node / "nvidia-smi/table.stdout").read_text(encoding="utf-8").count("\n")
        def cut(lines):
            with Scene(MIG_NODE) as place:
                place.plant()
                place.script(only(TABLE, f'"$REAL" "$@" | head -n {lines}; exit 0'))
                outcome = place.run()
                expected, samples = exposition.parse(place.expected), place.samples()
                found = judging.complaints(expected, samples, outcome.status)
                found += judging.unsaid(expected, samples) if outcome.status == 0 else []
                return [f"cut after line {lines}: {text}" for text in found]
        found = sum(scene.at_once(cut, range(0, whole)), [])
        self.assertEqual(found, [])
        print(f"\nnvidia-smi: {whole} tables cut short")

    def test_layout_changes_between_two_calls(self):
        """The instances that -L lists are others than those of the table: no UUID, profile or share, and counted."""
        outcome = self.collect(only(LIST, "\"$REAL\" \"$@\" | sed -e '0,/  MIG .*Device/{/  MIG .*Device/d}'; exit 0"))
        health = judging.published_health(self.place.samples())
        self.assertEqual((outcome.status, health["problems"].get("mig_layout_changed")), (0, 1), outcome.stderr)

    def test_gpu_gone_between_two_calls(self):
        """A list that names a GPU the other does not: counted, on no device."""
        outcome = self.collect(only(GPUS, '"$REAL" "$@" | sed 3d; exit 0'))
        health = judging.published_health(self.place.samples())
        self.assertEqual((outcome.status, health["success"], health["problems"]), (0, False, {"process_row_unknown_gpu": 1}))

    def test_process_gone_between_two_calls(self):
        """pmon has none of the processes that the list has: they are sessions all the same."""
        outcome = self.collect(only(PMON, '"$REAL" "$@" | awk \'/^#/ { print; next } { printf "%5s          -     -      -      -      -      -      -      -      -      -    -\\n", $1 }\'; exit 0'))
        self.assertEqual(outcome.status, 0)
        self.assertEqual(judging.rows(self.place.samples()), judging.rows(exposition.parse(self.place.expected)))


if __name__ == "__main__":
    unittest.main()
