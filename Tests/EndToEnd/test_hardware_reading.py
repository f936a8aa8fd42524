"""What the hardware check reads of real outputs (Tests/Captures), and how it keeps its time: no GPU, and no waiting."""

import csv
import pathlib
import tempfile
import types
import unittest

import fake_gpu
import hardware_check
import masking
from hardware import budget, gpm, names, summary, times
from hardware.children import Answer
from hardware.recorder import Recorder

GPM = fake_gpu.CAPTURES / "h200-580-gpm"
ODD = fake_gpu.CAPTURES / "h200-580-odd-names"


class Clock:
    """Seconds that a test decides."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


class Time(unittest.TestCase):
    def setUp(self):
        self.clock = Clock()
        self.budget = budget.Budget(100, self.clock)

    def test_a_call_has_its_own_limit_its_parts_or_that_of_everything(self):
        self.assertEqual(self.budget.limit(30), 30)
        with self.budget.part(20):
            self.assertEqual(self.budget.limit(30), 20)
            self.clock.now += 15
            self.assertEqual(self.budget.limit(30), 5)
        self.clock.now += 75
        with self.budget.part(20):
            self.assertEqual(self.budget.limit(30), 10)

    def test_without_time_no_call_starts(self):
        with self.budget.part(20):
            self.clock.now += 20
            self.assertRaises(budget.OutOfTime, self.budget.limit, 30)
        self.assertEqual(self.budget.limit(30), 30)
        self.clock.now += 80
        with self.budget.part(20):
            self.assertRaises(budget.OutOfTime, self.budget.limit, 30)

    def test_the_parts_fit_into_all_of_it(self):
        self.assertLessEqual(sum(seconds for _, _, seconds, _ in hardware_check.PARTS), hardware_check.LIMIT)
        self.assertLess(hardware_check.LIMIT, 8 * 60)


class Parts(unittest.TestCase):
    """The order and the states of parts that take as long as a test says."""

    def states(self, *taken, seconds=100):
        clock = Clock()
        folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        recorder = Recorder(folder, masking.Mask(b"salt"), budget.Budget(seconds, clock))

        def part(wanted):
            def run(*_):
                recorder.budget.limit(1)
                clock.now += wanted
                recorder.budget.limit(1)
            return run
        machine = types.SimpleNamespace(devices={"0": "GPU-0"}, why_not="")
        found = [hardware_check.run_part(recorder, None, machine, 30, part(wanted)) for wanted in taken]
        return [state.partition(";")[0] for state in found]

    def test_one_that_takes_too_long_costs_itself_only(self):
        self.assertEqual(self.states(10, 40, 10), ["done", "stopped: its limit of 30 s is over", "done"])

    def test_when_all_time_is_used_the_rest_stops(self):
        self.assertEqual(self.states(25, 25, 25, 25, seconds=60), [
            "done", "done", "stopped: all of the time was used", "did not run: all of the time was used"])

    def test_with_less_time_every_part_has_less(self):
        parts = [("a", "", 100, None), ("b", "", 50, None)]
        half = hardware_check.scaled(parts, hardware_check.LIMIT / 2)
        self.assertEqual([seconds for _, _, seconds, _ in half], [50, 25])
        self.assertEqual(hardware_check.scaled(parts, 10 * hardware_check.LIMIT), parts)

    def test_the_verdict(self):
        def verdict(*states, complaints=()):
            every = [summary.State(str(number), "", state) for number, state in enumerate(states)]
            return hardware_check.verdict(every, list(complaints))
        self.assertEqual(verdict("done", "done"), "passed")
        self.assertEqual(verdict("done", "stopped: x"), "passed, but not to their end: 1")
        for states, complaints in ((("done", "done"), ["x"]), (("stopped", "done"), []), (("done", "failed: x"), [])):
            self.assertTrue(verdict(*states, complaints=complaints).startswith("failed"), states)
        skipped = "did not run: there is no GPU that nvidia-smi can read: nvidia-smi -L ended with 9"
        self.assertTrue(verdict(skipped, skipped).startswith("skipped, as there is no GPU"))


class Times(unittest.TestCase):
    def test_medians_and_of_how_many(self):
        found = times.Times()
        for seconds in (0.1, 0.4, 0.2):
            found.add("x", seconds)
        self.assertEqual(found.text("x"), "200 ms of 3")
        self.assertEqual(found.text("y"), "no answer")
        self.assertIsNone(times.total(found, ["query-gpu"]))


class Dmon(unittest.TestCase):
    def values(self, name):
        found = gpm.rows((GPM / name).read_text())
        return gpm.first_values(found), gpm.last_values(found)

    def test_both_forms_have_the_same_rows(self):
        for option in ("d", "dm", "default", "m"):
            plain, csv_form = (gpm.rows((GPM / f"full.{option}-{form}.txt").read_text()) for form in ("plain", "csv"))
            self.assertEqual([len(plain), len(csv_form)], [4, 4], option)
            self.assertEqual(plain[0].keys(), csv_form[0].keys())

    def test_the_first_figures_are_in_the_third_cycle(self):
        first, last = self.values("full.dm-plain.txt")
        self.assertEqual(first, {("0", "-", "-"): (3, {"gract": 99, "smutil": 71, "dram": 15})})
        self.assertEqual(last["0", "-", "-"][0], 4)

    def test_without_mig_the_option_m_has_dashes_only(self):
        self.assertEqual(self.values("full.m-plain.txt"), ({}, {}))
        said = Answer((), 0, (GPM / "full.m-plain.txt").read_text(), "", 3.06)
        self.assertEqual(gpm.sentence(said), "3.1 s, columns gpu mig_id gi_id ci_id gract smutil dram: dashes only")

    def test_a_figure_that_cannot_be_is_named_and_not_believed(self):
        found = gpm.rows((GPM / "light.dm-plain.txt").read_text())
        self.assertEqual(gpm.absurd(found), ["1175372905"])
        figures = [figure for _, (_, values) in gpm.values_of(found) for figure in values.values()]
        self.assertLessEqual(max(figure for figure in figures if figure is not None), 100)

    def test_a_refusal_and_a_hang(self):
        refused = Answer((), 255, (GPM / "full.248-m.txt").read_text(), "", 0.02)
        self.assertEqual(gpm.sentence(refused), "exit status 255 after 0.0 s: Metric value too high: 248")
        self.assertEqual(gpm.sentence(Answer((), None, "", "", 15.0)), "no answer within 15 s")

    def test_whose_percent_it_is(self):
        machine = types.SimpleNamespace(instances={"0_9_0": ("MIG-1", "GPU-0", "1g.10gb"), "0_0_0": ("MIG-2", "GPU-0", "7g.80gb")})
        for figures, profile, words in (({"gract": 97}, "9", "the instance's own"), ({"gract": 14}, "9", "probably the whole GPU's"),
                                        ({"gract": 3}, "9", None), ({"gract": 99}, "0", None), ({"gract": None}, "9", None)):
            settled = {}
            recorder = types.SimpleNamespace(settle=settled.__setitem__)
            gpm.settle_percent(recorder, machine, {("0", profile, "0"): (3, figures)})
            self.assertEqual(settled.get("mig-percent", "").partition(":")[0] or None, words, figures)


class Names(unittest.TestCase):
    """The answers of a real GPU to 46 odd names."""

    FILES = {"pmon": "pmon.txt", "the table": "table.txt", "-q -d PIDS": "q-pids.txt"}

    @classmethod
    def setUpClass(cls):
        with open(ODD / "processes.tsv", encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
        cls.pids = {kind: pid for pid, kind, *_ in rows[1:]}
        cls.texts = {kind: (ODD / name).read_bytes().decode(errors="surrogateescape") for kind, name in cls.FILES.items()}

    def printed(self, kind, name):
        return names.printed(kind, self.texts[kind], self.pids[name])

    def test_a_line_feed_goes_on_in_the_next_line(self):
        self.assertEqual(self.printed("-q -d PIDS", "newline"), "line1\nline2")
        self.assertTrue(self.printed("the table", "newline").startswith("C   line1\nline2"))
        self.assertTrue(self.printed("pmon", "newline").endswith("line1\nline2"))

    def test_a_forged_row_belongs_to_its_process(self):
        self.assertEqual(self.printed("-q -d PIDS", "forge-csv"), "a\nGPU-00000000-0000-0000-0000-000000000000, 4242, 9 MiB")
        self.assertIn("9MiB |\ny", self.printed("the table", "row-nl"))

    def test_bytes_that_are_no_utf_8_stay(self):
        self.assertEqual(self.printed("-q -d PIDS", "bad-utf8"), "/x/\udcff\udcfe\udc80bad")

    def test_every_process_is_found_where_it_is_listed(self):
        missing = {kind: [name for name in self.pids if self.printed(kind, name) is None] for kind in self.FILES}
        # Their names are empty to the table, which leaves such rows out.
        self.assertEqual(missing, {"pmon": [], "the table": ["empty", "only-spaces"], "-q -d PIDS": []})

    def test_the_csv_row_ends_where_the_next_begins(self):
        text = "7, a\nGPU-0? 4242\n8, b\n"
        self.assertEqual(names.printed("the CSV", text, 7), "a\nGPU-0? 4242")
        self.assertIsNone(names.printed("the CSV", text, 9))

    def test_an_element_cannot_be_closed_by_a_name(self):
        text = "<pid>7</pid><process_name></process_name></process_info></process_name><pid>8</pid><process_name>b</process_name>"
        self.assertEqual(names.printed("-q -x", text, 7), "</process_name></process_info>")
        self.assertEqual(names.well_formed("<a>b</a>"), "well-formed")
        self.assertTrue(names.well_formed(text).startswith("not well-formed"))


class Summary(unittest.TestCase):
    def test_one_line_each_whatever_is_in_it(self):
        folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        recorder = Recorder(folder, masking.Mask(b"salt"), budget.Budget(9))
        recorder.say("a question", "one\n\ntwo")
        recorder.settle("mps", "yes")
        recorder.complain(["wrong\nfigure"])
        summary.write(recorder, [summary.State("1-figures", "figures", "did not run: no\nCUDA")])
        lines = (folder / "summary.md").read_text().splitlines()
        for line in ("- machine: a question: one / two", "- What do clients of MPS look like? Settled: yes", "- wrong / figure",
                     "- 1-figures: did not run: no / CUDA", "| 1-figures | figures | did not run | 0.0 | 0 |"):
            self.assertIn(line, lines)

    def test_the_directory_of_somebody_else_is_left_alone(self):
        folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        (folder / "mine").write_text("")
        self.assertRaises(SystemExit, hardware_check.emptied, folder)
        (folder / "summary.md").write_text("Somebody's own summary.")
        self.assertRaises(SystemExit, hardware_check.emptied, folder)
        (folder / "summary.md").write_text(summary.TITLE)
        self.assertFalse(hardware_check.emptied(folder).exists())


if __name__ == "__main__":
    unittest.main()
