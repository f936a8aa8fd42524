"""A thousand runs on one file, fifty at a time: whole for whoever reads it, and the last start wins."""

import concurrent.futures
import threading
import time
import unittest

from scene import Scene, exposition, fixtures

RUNS = 1000
AT_ONCE = 50
# Fifty runs on one processor; one that waits for another's lock for 5 s would end with 73.
LIMIT_SECONDS = 300


class Overlap(unittest.TestCase):
    """Runs that do not know of each other."""

    def setUp(self):
        self.place = self.enterContext(Scene("unconfigured-idle"))
        self.place.plant()
        self.over = threading.Event()
        self.reads, self.complaints = 0, []

    def poll(self):
        """Reads as node_exporter does, again and again; no read may show a file of an earlier start than the last."""
        newest, contents = 0, b""
        while not self.over.is_set():
            with open(self.place.output, "rb") as file:
                now, last = file.read(), contents
                modified = self.place.output.stat().st_mtime_ns if now == last else 0
            self.reads += 1
            if now != last and fixtures.without_clocks(now) != self.place.expected and self.reads > 1:
                self.complaints.append(f"read {self.reads} is not whole: {len(now)} bytes")
            started = exposition.parse(now)["gpu_session_collector_last_run_timestamp_seconds", frozenset()]
            if started < newest or (modified and modified < newest):
                self.complaints.append(f"after {newest} a file of {started}")
            newest, contents = max(newest, started), now

    def one(self, _):
        """One run, and a look at the file while others go on; its start, before which it cannot have begun, and how it ended."""
        before = time.time()
        outcome = self.place.run(limit=LIMIT_SECONDS)
        contents = self.place.output.read_bytes()
        if fixtures.without_clocks(contents) != self.place.expected:
            self.complaints.append(f"a read after a run is not whole: {len(contents)} bytes")
        return before, outcome.status, outcome.stderr

    def test_a_thousand_runs(self):
        # The planted file has no clock; the reader begins with one that has.
        self.assertEqual(self.place.run().status, 0)
        reader = threading.Thread(target=self.poll)
        reader.start()
        try:
            with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
                results = list(pool.map(self.one, range(RUNS)))
        finally:
            self.over.set()
            reader.join()
        self.assertEqual([(status, said) for _, status, said in results if (status, said) != (0, "")], [])
        self.assertEqual(self.complaints[:5], [])
        self.assertEqual((self.place.found(), self.place.neighbours()), ("new", []))
        # Whoever was started after the winner has not won, and would have had to.
        self.assertGreaterEqual(self.place.output.stat().st_mtime, max(before for before, _, _ in results))
        self.assertGreater(self.reads, 0)
        reads = self.reads + len(results)
        print(f"\noverlap: {RUNS} runs, {AT_ONCE} at a time, all published or gave way; {reads} reads, all whole")


if __name__ == "__main__":
    unittest.main()
