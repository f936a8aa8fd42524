"""An error in place of every system call of a run: no crash, no wrong `idle`, nothing invented, nothing dropped in silence."""

import unittest

import judging
import scene
import tracing
from scene import Scene, exposition

NODES = ["h100-mig-mixed", "checkpoint-v2"]
ERRORS = ["EIO", "ENOENT", "EACCES", "ENOMEM", "EINTR"]
# Without memory, and where the C library or the runtime cannot set itself up before the program begins, a process ends.
# Nothing is asked then but a whole file.
MAY_END = {"brk", "mmap", "munmap", "mprotect", "arch_prctl", "set_tid_address", "set_robust_list", "readlink"}
# Where the runtime finds the arguments: without them it is not known what to do, and nothing is done.
ARGUMENTS = ("/proc/self/maps", "/proc/#/maps")
# A node without logs is one like any other: its containers have no names.
MAY_BE_ABSENT = "/root/var/log"
# Answers that come in pieces, as from a driver that is slow: a line, another, and the rest.
PIECE = 'IFS= read -r line; printf "%s\\n" "$line"; sleep 0.03'
PIECEMEAL = f'"$REAL" "$@" | {{ {PIECE}; {PIECE}; cat; }}'


class Fault:
    """One error in place of one call; `is_injected` says afterwards whether the run came to that call."""

    def __init__(self, node, call, error, script=None):
        self.node, self.call, self.error, self.script, self.is_injected = node, call, error, script, False

    def complaints(self):
        """Everything that is wrong after it, with its name."""
        with Scene(self.node) as place:
            place.plant()
            if self.script:
                place.script(self.script)
            outcome, calls = tracing.run(place, self.call, f"error={self.error}")
            self.is_injected = any(call.is_injected for call in calls)
            return [f"{self.node}: {self.error} from {self.call.key}: {text}" for text in self.judge(place, outcome)]

    def judge(self, place, outcome):
        """Everything that is wrong with the run and its file, one sentence each."""
        if outcome.status in (0, 1):
            return self.judge_published(place, outcome)
        if outcome.status == 73:
            said = "cannot be written" in outcome.stderr and outcome.stderr.count("\n") == 1
            found = (place.found(), self.beside(place))
            return [] if found in (("old", []), ("old", [scene.TEMPORARY])) and said else [f"73, {found}, {outcome.stderr!r}"]
        if outcome.status == 64 and self.call.key.endswith(ARGUMENTS):
            return [] if place.found() == "old" and not place.neighbours() else ["64, and the file was touched"]
        if self.call.name in MAY_END:
            return place.complaints_after_kill()
        return [f"exit status {outcome.status}"]

    def beside(self, place):
        """What lies beside the file and should not. After an error of a call on the lock file that file may stay."""
        may_stay = {scene.LOCK} if self.call.key.endswith(scene.LOCK) else set()
        return sorted(set(place.neighbours()) - may_stay)

    def judge_published(self, place, outcome):
        """The same where a file was published."""
        try:
            samples = place.samples()
        except exposition.ExpositionError as error:
            return [f"not a whole file: {error}"]
        expected = exposition.parse(place.expected)
        complaints = [f"beside the file: {self.beside(place)}"] if self.beside(place) else []
        if outcome.status == 1 and not outcome.stderr.startswith("gpu-sessions: error: "):
            complaints.append(f"no sentence: {outcome.stderr!r}")
        if outcome.status == 0 and not (self.error == "ENOENT" and MAY_BE_ABSENT in self.call.key):
            complaints += judging.unsaid(expected, samples)
        return complaints + judging.complaints(expected, samples, outcome.status)


def calls_of(node, script=None):
    """The calls of a run on the node; its end cannot fail."""
    with Scene(node) as place:
        place.plant()
        if script:
            place.script(script)
        outcome, calls = tracing.run(place)
        assert (outcome.status, place.found()) == (0, "new"), outcome.stderr
    return [call for call in calls if call.name != "exit_group"]


class Errors(unittest.TestCase):
    """No system call whose failure makes the program say what is not so."""

    def setUp(self):
        reason = tracing.why_not()
        if reason:
            self.skipTest(reason)

    def inject(self, faults, what):
        """All of them; most must have come to pass."""
        found = sum(scene.at_once(Fault.complaints, faults), [])
        self.assertEqual(found, [], "\n" + "\n".join(found[:60]))
        count = sum(fault.is_injected for fault in faults)
        self.assertGreater(count, len(faults) * 0.8)
        kinds = {fault.call.name for fault in faults}
        print(f"\nerrors: {what}: {count} injected into {len(kinds)} kinds of calls")

    def test_each_error_of_each_call(self):
        for node in NODES:
            with self.subTest(node=node):
                self.inject([Fault(node, call, error) for call in calls_of(node) for error in ERRORS], node)

    def test_each_piece_of_an_answer(self):
        """Half an answer is none: a list that ends early would make a busy device idle."""
        node = NODES[0]
        pieces = [call for call in calls_of(node, PIECEMEAL) if call.key.startswith("read pipe")]
        self.inject([Fault(node, call, "EIO", PIECEMEAL) for call in pieces], f"{node}, answers in pieces")


if __name__ == "__main__":
    unittest.main()
