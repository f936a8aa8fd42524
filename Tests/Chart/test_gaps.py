"""Seven minutes in which nothing is collected, or nothing scraped: a firing alert stays, and no other one fires."""

import unittest

import promtool
from rulecases.scenario import three
from rulecases.series import MINUTES, NOW
from test_rules import FORMS, groups

FIRST, LAST = 40, 46
HOLDER = '{alertname="GPUAllocatedButIdle", pod="idle-0"}'


def not_collected(node):
    """node_exporter serves the file of minute 39 until that of minute 47 is there."""
    runs = [FIRST - 1 if FIRST <= minute <= LAST else minute for minute in range(MINUTES + 1)]
    node.last_run = " ".join(str(NOW - 20 + 60 * minute) for minute in runs)


def not_scraped(node):
    """Prometheus gets no answer: every series ends, and begins anew."""

    def interrupted(value):
        return f"{value}+0x{FIRST - 1} stale _x{LAST - FIRST} {value}+0x{MINUTES - LAST - 1}"

    node.samples = [(metric, labels, interrupted(value)) for metric, labels, value in node.samples]
    for name, start in (("time", NOW), ("last_run", NOW - 20)):
        setattr(node, name, f"{start}+60x{FIRST - 1} stale _x{LAST - FIRST} {start + 60 * (LAST + 1)}+60x{MINUTES - LAST - 1}")


def calm(node):
    """On one node a pod uses none of what it holds; all else is well."""
    node.problem("allocation_device_unknown", 0)
    if node.number:
        node.drop("gpu_allocation_info", pod="idle-0")


class Gap(unittest.TestCase):
    def outcome(self, gap, values, minutes, expected):
        """What is wrong if just this fires in each of the minutes."""
        firing = 'group by (alertname, pod) (ALERTS{alertstate="firing"})'
        samples = [{"labels": labels, "value": 1} for labels in expected]
        queries = [{"expr": firing, "eval_time": f"{minute}m", "exp_samples": samples} for minute in minutes]
        series = [each for node in three("checkpoint-mig", gap, calm)() for each in node.series(FORMS[0])]
        return promtool.test(groups(values), [{"interval": "1m", "input_series": series, "promql_expr_test": queries}])

    def test_a_firing_alert_stays_and_no_other_fires(self):
        for gap in (not_collected, not_scraped):
            with self.subTest(gap.__name__):
                self.assertEqual(self.outcome(gap, {}, range(31, MINUTES), [HOLDER]), "")

    def test_it_would_end_if_it_were_not_kept(self):
        for gap in (not_collected, not_scraped):
            with self.subTest(gap.__name__):
                self.assertEqual(self.outcome(gap, {"prometheusRule.keepFiringFor": "0"}, range(50, 70), []), "")


if __name__ == "__main__":
    unittest.main()
