"""Entries of /proc that vanish between any two reads: a process that is gone costs itself only, and is counted."""

import re
import unittest

import judging
import scene
import tracing
from scene import Scene, exposition

NODES = ["checkpoint-v2", "h100-mig-mixed", "docker-plain", "slurm-v2"]
# An ended process: its directory is gone, or is there and its files answer that there is no such process.
ERRORS = ["ENOENT", "ESRCH"]


def process_of(call):
    """The PID whose entry the call is about; None for another."""
    match = re.search(r"/root/proc/(\d+)\b", call.key)
    return match.group(1) if match and call.name != "close" else None


def about_others(samples, pid):
    """Everything that is published of the devices and of other processes."""
    return {key: value for key, value in samples.items()
            if not key[0].startswith(judging.FAMILY) and dict(key[1]).get("pid") != pid}


class Vanish(unittest.TestCase):
    """Each call on an entry of a process fails as if the process had ended."""

    def after(self, fault):
        """What is wrong after it."""
        node, call, error = fault
        pid = process_of(call)
        with Scene(node) as place:
            place.plant()
            outcome, calls = tracing.run(place, call, f"error={error}")
            if not any(call.is_injected for call in calls):
                return [f"{node}: never came to {call.key}"]
            expected, samples = exposition.parse(place.expected), place.samples()
            complaints = judging.complaints(expected, samples, outcome.status) + judging.unsaid(expected, samples)
            if outcome.status != 0 or not judging.published_health(samples)["success"]:
                complaints.append(f"exit status {outcome.status} {outcome.stderr!r}, or no success")
            if about_others(expected, pid) != about_others(samples, pid):
                complaints.append("others have changed")
            return [f"{node}: {error} from {call.key}: {text}" for text in complaints]

    def test_each_entry_of_each_process(self):
        if tracing.why_not():
            self.skipTest(tracing.why_not())
        faults = []
        for node in NODES:
            with Scene(node) as place:
                place.plant()
                _, calls = tracing.run(place)
            faults += [(node, call, error) for call in calls if process_of(call) for error in ERRORS]
        found = sum(scene.at_once(self.after, faults), [])
        self.assertEqual(found, [], "\n" + "\n".join(found))
        self.assertGreater(len(faults), 100)
        print(f"\nproc: {len(faults)} calls on entries of processes found them gone")


if __name__ == "__main__":
    unittest.main()
