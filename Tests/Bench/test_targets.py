"""The verdicts are right at their limits, and absent where nothing was measured."""

import unittest

import measuring
import subject
import targets
import tracing


def spread(value):
    return measuring.Spread(value, value, value)


def measured(own=1, wall=1, rss=1, tree=1):
    return measuring.Measured(spread(own), spread(tree), spread(wall), spread(rss))


def result(node, place=subject.MADE, **ours):
    calls = tracing.Calls({}, 0)
    return subject.Result(node, place, node, int(node), measured(**ours), measured(), calls, calls)


def words(results, shell=(), size=0, places=(subject.MADE,)):
    """{target: word} of those that have been measured."""
    return {verdict.target: verdict.word for verdict in targets.verdicts(results, shell, size, places)
            if verdict.is_met is not None}


class Verdicts(unittest.TestCase):
    def test_as_many_times_the_floor_is_met_and_more_is_not(self):
        found = words([result("64", own=2.5, wall=2.51)])
        self.assertEqual(found["64 processes, tmpfs: own CPU at most 2.5 × floor"], "met")
        self.assertEqual(found["64 processes, tmpfs: wall at most 2.5 × floor"], "**not met**")

    def test_each_place_is_judged(self):
        found = words([result("10000"), result("10000", subject.REAL, own=3)], places=(subject.MADE, subject.REAL))
        self.assertEqual(found["10000 processes, tmpfs: own CPU at most 2.5 × floor"], "met")
        self.assertEqual(found["10000 processes, /proc: own CPU at most 2.5 × floor"], "**not met**")

    def test_memory_is_that_of_the_worst_place(self):
        name, places = "64 processes: peak RSS at most 8 MiB", (subject.MADE, subject.REAL)
        self.assertEqual(words([result("64", rss=8192), result("64", subject.REAL)], places=places)[name], "met")
        self.assertEqual(words([result("64"), result("64", subject.REAL, rss=8193)], places=places)[name], "**not met**")

    def test_growth_is_in_step(self):
        name = "10000 processes: own CPU at most 8.8 times that of 1250"
        self.assertEqual(words([result("1250", own=10), result("10000", own=88)])[name], "met")
        self.assertEqual(words([result("1250", own=10), result("10000", own=89)])[name], "**not met**")
        self.assertNotIn(name, words([result("10000")]))

    def test_the_shell_takes_two_hundred_times_as_much_with_its_children(self):
        name = "64 processes: at least 200 times less CPU than the shell collector"
        self.assertEqual(words([], [measured(tree=2), measured(tree=400)])[name], "met")
        self.assertEqual(words([], [measured(tree=2), measured(tree=399)])[name], "**not met**")

    def test_size(self):
        limit = targets.LARGEST_FILE
        name = f"stripped executable at most {limit} bytes"
        self.assertEqual(words([], size=limit), {name: "met"})
        self.assertEqual(words([], size=limit + 1), {name: "**not met**"})


class Summary(unittest.TestCase):
    TEXT = "".join(f"{number} {value} {value + 1} {value + 2} {value + 3}\n"
                   for value in (50, 10, 30, 20, 40) for number in (0, 1))

    def test_the_median_and_the_middle_half(self):
        one, other = measuring.summary(self.TEXT, 2)
        self.assertEqual(one, other)
        self.assertEqual(one.own, measuring.Spread(30, 20, 40))
        self.assertEqual([one.tree.median, one.wall.median, one.rss.median], [31, 32, 33])

    def test_programs_are_kept_apart(self):
        one, other = measuring.summary(self.TEXT.replace("1 50 ", "1 1050 ").replace("1 40 ", "1 1040 "), 2)
        self.assertEqual((one.own.high, other.own.high), (40, 1040))


if __name__ == "__main__":
    unittest.main()
