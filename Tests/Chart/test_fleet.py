"""A day of 200 nodes with eight GPUs each: whoever is on call hears of what happened, once, and of nothing else."""

import concurrent.futures
import re
import unittest

import promtool
from rulecases.fleet import FAULTS, SECONDS, STEPS, fleet
from rulecases.series import Form, written
from test_rules import groups

NODES = 200
# promtool takes 10,000 samples into one query, and an hour of more nodes has more. The rules join nothing of two nodes.
AT_ONCE = 40
# Something happens there that is nothing to alert on, though an alert may be pending.
UNSAID = {f"gpu-{number:03}" for number, (_, alerts) in enumerate(FAULTS) if not alerts}
VALUES = {
    "prometheusRule.alerts.LongRunningGPUProcess.excludeNamespaces": ["team-b"],
    # Not what the series are: the rules do not go by it.
    "prometheus.labels": "plain",
}
FORM = Form("exported", "exported", sets_node=False, scale=100)


def read_by(groups, node):
    """What of a node's samples the rules read: the others only take time."""
    text = " ".join(rule["expr"] for group in groups for rule in group["rules"])
    names = set(re.findall(r"\w+", text))

    def is_read(metric, labels):
        return metric in names and (metric != "gpu_session_collector_problems" or labels["kind"] in names)

    node.samples = [sample for sample in node.samples if is_read(*sample[:2])]
    return node


def outcome(nodes, fires, well):
    """What is wrong with the day of these nodes: all that fired, and what was at least pending about those that are well."""
    labels = "alertname, node, namespace, pod, gpu, stage"
    fired = f'group by ({labels}) (last_over_time(ALERTS{{alertstate="firing"}}[1d]))'
    pending = f'last_over_time(ALERTS{{node=~"{"|".join(well)}"}}[1d])'
    end = f"{STEPS * SECONDS // 60}m"
    queries = [
        {"expr": fired, "eval_time": end, "exp_samples": [{"labels": written("", each), "value": 1} for each in fires]},
        {"expr": pending, "eval_time": end, "exp_samples": []},
    ]
    made = groups(VALUES)
    series = [each for node in nodes for each in read_by(made, node).series(FORM)]
    test = {"interval": f"{SECONDS}s", "input_series": series, "promql_expr_test": queries}
    return promtool.test(made, [test], every=f"{SECONDS}s")


class Day(unittest.TestCase):
    def test_it_hears_of_what_happened_and_of_nothing_else(self):
        nodes, fires = fleet(NODES)
        slices = [nodes[first : first + AT_ONCE] for first in range(0, NODES, AT_ONCE)]
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            outcomes = list(pool.map(lambda part: self.day_of(part, fires), slices))
        self.assertEqual(outcomes, [""] * len(slices))

    def day_of(self, nodes, fires):
        names = [node.name for node in nodes]
        ill = {fire["node"] for fire in fires}
        return outcome(nodes, [fire for fire in fires if fire["node"] in names], [name for name in names if name not in ill | UNSAID])

    def test_it_would_hear_of_one_more(self):
        nodes, fires = fleet(len(FAULTS) + 2)
        self.assertIn("GPUCountDropped", outcome(nodes, [fire for fire in fires if fire["alertname"] != "GPUCountDropped"], []))


if __name__ == "__main__":
    unittest.main()
