"""SIGKILL before every system call of a run: every call of a trace, every occurrence, not at random moments.

What a run does between two system calls nobody else can see, so a kill before each call is a kill at every moment.
How often the program looks after its children differs from run to run; those calls are killed as often as they come.
"""

import collections
import threading
import unittest

import scene
import tracing
from scene import Scene

# MIG takes all waves of queries; the other node has pods, an allocation checkpoint and no MIG.
NODES = ["h100-mig-mixed", "checkpoint-v2"]
TRACES = 3
# For calls that have no path the number may shift by a few.
ATTEMPTS = 20


class Sweep:
    """The kills of the runs on one node."""

    def __init__(self, node):
        self.node, self.kills, self.missed, self.complaints = node, 0, 0, []
        self.killed, self.lock = collections.Counter(), threading.Lock()
        traces = [self.trace() for _ in range(TRACES)]
        keys = [{(call.key, call.occurrence) for call in calls if tracing.is_steady(call)} for calls in traces]
        # What every run does; the allocator may ask for memory once more or less.
        self.steady = set.intersection(*keys)
        # The longest trace, so that as many as possible of the calls that differ are in it.
        self.calls = max(traces, key=len)

    def trace(self):
        """The calls of a run that nobody disturbs."""
        with Scene(self.node) as place:
            place.plant()
            outcome, calls = tracing.run(place)
            assert (outcome.status, place.found()) == (0, "new"), outcome.stderr
            return calls

    def kill(self, call):
        """One kill before a call, and everything that must hold after it."""
        with Scene(self.node) as place:
            place.plant()
            outcome, calls = tracing.run(place, call, "signal=KILL")
            complaints = self.complaints_of(place, call, outcome)
            with self.lock:
                self.complaints += [f"{self.node}: killed before {call}: {text}" for text in complaints]
                if outcome.status == -9:
                    self.kills += 1
                    self.killed[calls[-1].key, calls[-1].occurrence] += 1
                else:
                    self.missed += 1

    def complaints_of(self, place, call, outcome):
        """A run that was not killed had no such call, and has done its work."""
        if outcome.status != -9:
            done = (outcome.status, outcome.stderr, place.found(), place.neighbours())
            return [] if done == (0, "", "new", []) else [f"not killed, but {done}"]
        wanted, found = "new" if call.is_renamed else "old", place.found()
        wrong = [] if found == wanted else [f"the file is {found}, not {wanted}"]
        return wrong + place.complaints_after_kill()

    def sweep(self):
        """Every call, then again what of the steady ones was missed."""
        scene.at_once(self.kill, self.calls)
        for _ in range(ATTEMPTS):
            missing = self.steady - set(self.killed)
            if not missing:
                return
            scene.at_once(self.kill, [call for call in self.trace() if (call.key, call.occurrence) in missing])


class Kill(unittest.TestCase):
    """No moment of a run at which a kill does harm."""

    def test_kill_before_each_call(self):
        reason = tracing.why_not()
        if reason:
            self.skipTest(reason)
        for node in NODES:
            with self.subTest(node=node):
                sweep = Sweep(node)
                sweep.sweep()
                self.assertEqual(sweep.complaints, [])
                self.assertEqual(sweep.steady - set(sweep.killed), set(), "calls before which no kill came")
                kinds = {call.name for call in sweep.calls}
                print(f"\nkill: {node}: {sweep.kills} kills survived, before each of {len(sweep.steady)} calls that"
                      f" every run makes and {len(set(sweep.killed) - sweep.steady)} that depend on its children;"
                      f" {len(sweep.calls)} calls of {len(kinds)} kinds in the trace")


if __name__ == "__main__":
    unittest.main()
