"""Every system call of the publication: the run is killed before it, or it fails; the file stays whole and says of which run it is."""

import unittest

import scene
import tracing
from scene import Scene

# Errors that a node's disk is known for, then some that it is not.
ERRORS = ["ENOSPC", "EIO", "EROFS", "EDQUOT", "EACCES", "EPERM", "ENOMEM", "ENFILE"]
# What these answer is not needed: after the first nothing is written any more; the end of a process cannot fail.
UNHEEDED = {"close", "exit_group"}
# The file is rendered as it is written; the memory for that is no step of the publication.
MEMORY = {"brk", "mmap", "munmap", "mremap", "madvise"}


class Publishing(unittest.TestCase):
    """The publication of one small file, call by call."""

    @classmethod
    def setUpClass(cls):
        reason = tracing.why_not()
        if reason:
            raise unittest.SkipTest(reason)
        with Scene() as example:
            example.plant()
            outcome, calls = tracing.run(example)
            assert (outcome.status, outcome.stderr, example.found()) == (0, "", "new"), outcome.stderr
            cls.calls = [call for call in tracing.publishing(calls) if call.name not in MEMORY]

    def test_each_step_is_there(self):
        """What the other tests go through is the publication as it is meant to be."""
        names = [call.name for call in self.calls]
        self.assertEqual(names, [
            "openat",  # the directory
            "openat", "openat", "fchmod", "newfstatat", "flock", "newfstatat",  # the lock file
            "newfstatat", "unlinkat",  # what is there
            "openat", "write", "fchmod", "utimensat", "fsync", "close", "newfstatat", "renameat", "fsync",
            "newfstatat", "unlinkat", "close",  # the lock file again
            "close", "exit_group"])

    def after_kill(self, index):
        """What is wrong after a kill before that call."""
        call = self.calls[index]
        with Scene() as place:
            place.plant()
            outcome, calls = tracing.run(place, call, "signal=KILL")
            complaints = []
            if outcome.status != -9 or calls[-1].key != call.key:
                complaints.append(f"ended with {outcome.status} at {calls[-1].key}")
            wanted = "new" if call.is_renamed else "old"
            if place.found() != wanted:
                complaints.append(f"the file is {place.found()}, not {wanted}")
            complaints += place.complaints_after_kill()
            return [f"killed before {call.key}: {what}" for what in complaints]

    def test_kill_before_each_call(self):
        """Before the rename the old file is there to the byte, after it the new one."""
        results = scene.at_once(self.after_kill, range(len(self.calls)))
        self.assertEqual(sum(results, []), [])
        print(f"\npublishing: {len(results)} kills survived")

    def after_lock_error(self, place, outcome):
        """What is wrong after an error of a call on the lock file: it ends the run, or the run has another way.

        The lock file may stay then.
        """
        said = outcome.stderr.startswith(f"gpu-sessions: error: {place.output} cannot be written: ")
        found = (outcome.status, place.found(), bool(outcome.stderr), said, outcome.stderr.count("\n"))
        wrong = [] if found in ((0, "new", False, False, 0), (73, "old", True, True, 1)) else [str(found)]
        if not set(place.neighbours()) <= {scene.LOCK}:
            wrong.append(f"beside it: {place.neighbours()}")
        return wrong + place.complaints_after_kill()

    def after_error(self, what):
        """What is wrong after that call has failed with that error."""
        index, error = what
        call = self.calls[index]
        with Scene() as place:
            place.plant()
            outcome, _ = tracing.run(place, call, f"error={error}")
            if call.key.endswith(scene.LOCK) and call.name != "close":
                return [f"{error} from {call.key}: {text}" for text in self.after_lock_error(place, outcome)]
            heeded = call.name not in UNHEEDED and not call.is_renamed
            one_sentence = outcome.stderr.startswith(f"gpu-sessions: error: {place.output} cannot be written: ") \
                and outcome.stderr.count("\n") == 1
            found = (outcome.status, place.found(), place.neighbours())
            right = one_sentence and found == (73, "old", []) if heeded else found == (0, "new", [])
            if not right or (outcome.stderr and not heeded):
                return [f"{error} from {call.key}: {found} {outcome.stderr!r}"]
            return []

    def test_each_error_of_each_call(self):
        """Up to the rename: 73, the old file, nothing beside it, and a sentence. After it: published."""
        faults = [(index, error) for index, call in enumerate(self.calls) for error in ERRORS if call.name != "exit_group"]
        self.assertEqual(sum(scene.at_once(self.after_error, faults), []), [])
        print(f"\npublishing: {len(faults)} errors injected")

    def after_interruption(self, index):
        """What is wrong after a signal has interrupted that call."""
        call = self.calls[index]
        with Scene() as place:
            place.plant()
            outcome, _ = tracing.run(place, call, "error=EINTR")
            found = (outcome.status, outcome.stderr, place.found(), place.neighbours())
            return [] if found == (0, "", "new", []) else [f"EINTR from {call.key}: {found}"]

    def test_each_call_interrupted(self):
        """An interrupted call is made again."""
        indices = [index for index, call in enumerate(self.calls) if call.name != "exit_group"]
        self.assertEqual(sum(scene.at_once(self.after_interruption, indices), []), [])
        print(f"\npublishing: {len(indices)} interruptions injected")


if __name__ == "__main__":
    unittest.main()
