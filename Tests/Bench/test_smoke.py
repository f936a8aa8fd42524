"""The smoke test fails above a tenth more, and only there."""

import unittest

import smoke

RECORDED = {"system calls, 64 processes": 1_000}


class Judged(unittest.TestCase):
    def judge(self, figure):
        complaints, hints = smoke.judged(RECORDED, {"system calls, 64 processes": figure})
        return len(complaints), len(hints)

    def test_a_tenth_more_or_less_is_nothing(self):
        self.assertEqual([self.judge(1_100), self.judge(900), self.judge(1_000)], [(0, 0)] * 3)

    def test_more_fails_and_less_is_worth_recording(self):
        self.assertEqual([self.judge(1_101), self.judge(899)], [(1, 0), (0, 1)])

    def test_a_figure_that_is_not_recorded_fails(self):
        self.assertEqual(smoke.judged({}, RECORDED)[0],
                         ["system calls, 64 processes: 1,000, and no figure is recorded: run it with --record"])


class Figures(unittest.TestCase):
    def test_of_one_run_and_of_each_further_process(self):
        self.assertEqual(smoke.figures({"calls": (100, 100 + 1186 * 13)}),
                         {"calls, 64 processes": 100, "calls of each further process": 13})

    def test_nothing_counted_is_nothing_found(self):
        self.assertEqual(smoke.figures({}), {})


if __name__ == "__main__":
    unittest.main()
