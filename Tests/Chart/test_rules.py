"""The PrometheusRule: how it renders, and what its rules say, by promtool, for every form in which labels arrive."""

import concurrent.futures
import re
import unittest

import promtool
import yaml
from rendering import CHART, of_kind, render
from rulecases import allocations, collector, devices, holders, kubernetes, lost, mig, ownership, usage, work
from rulecases.scenario import three
from rulecases.series import Form
from rulecases.suite import Suite, name_of

SCENARIOS = [scenario for module in (usage, allocations, work, ownership, mig, devices, lost, kubernetes, collector) for scenario in module.SCENARIOS]
RECORDINGS = holders.RECORDINGS + usage.RECORDINGS + work.RECORDINGS + mig.RECORDINGS + lost.RECORDINGS
FORMS = [
    Form("exported", "exported", sets_node=False, scale=100),
    Form("plain", "exported", sets_node=False, scale=1),
    # Of these, what fires and what does not yet, but not each thing that makes it silent.
    Form("exported", "plain", sets_node=True, scale=100, brief=True),
    Form("exported", "plain", sets_node=True, scale=1, twice=True, brief=True),
]


OFF = [name for name, alert in yaml.safe_load((CHART / "values.yaml").read_text())["prometheusRule"]["alerts"].items() if not alert.get("enabled", True)]
ALL_ON = {f"prometheusRule.alerts.{name}.enabled": True for name in OFF}


def prometheus_rule(values=None):
    return of_kind(render({"prometheusRule.enabled": True, **(values or {})}), "PrometheusRule")


def groups(values=None):
    (rule,) = prometheus_rule(values)
    return rule["spec"]["groups"]


def rules(values=None):
    return {rule.get("alert") or rule["record"]: rule for group in groups(values) for rule in group["rules"]}


def groups_for(form):
    return groups({"prometheus.dcgmScale": form.scale, **ALL_ON})


def suites(form):
    made = groups_for(form)
    return [Suite(rule, made, form, SCENARIOS, RECORDINGS) for group in made for rule in group["rules"]]


def healthy():
    """Three nodes that all do what they should, one device of each free."""

    def calm(node):
        node.drop("gpu_allocation_info", pod="idle-0")
        node.problem("allocation_device_unknown", 0)
        node.has_capacity("nvidia_com_gpu", 1)
        mig.busy(node, {"2": 50, "3": 40, "9": 0})

    return three("checkpoint-mig", calm=calm)()


class Rules(unittest.TestCase):
    def test_promtool_accepts_them(self):
        for form in FORMS:
            self.assertEqual(promtool.check(groups_for(form)), "")

    def test_every_rule_says_what_it_should_in_every_form(self):
        todo = [suite for form in FORMS for suite in suites(form)]
        with concurrent.futures.ThreadPoolExecutor() as pool:
            outcomes = list(pool.map(Suite.run, todo))
        for suite, outcome in zip(todo, outcomes):
            with self.subTest(form=suite.form, rule=name_of(suite.rule)):
                self.assertFalse(outcome, outcome)

    def test_every_rule_is_tested_firing_and_silent(self):
        for suite in suites(FORMS[0]):
            with self.subTest(name_of(suite.rule)):
                self.assertTrue(all(suite.shown.values()), suite.shown)

    def test_nothing_is_raised_about_a_healthy_cluster(self):
        for form in FORMS:
            series = [each for node in healthy() for each in node.series(form)]
            query = {"expr": "ALERTS", "eval_time": "40m", "exp_samples": []}
            test = {"interval": "1m", "input_series": series, "promql_expr_test": [query]}
            self.assertEqual(promtool.test(groups_for(form), [test]), "")

    def test_every_join_and_sum_carries_the_cluster(self):
        for name, rule in rules().items():
            for labels in re.findall(r"\b(?:on|by)\s*\(([^)]*)\)", rule["expr"]):
                self.assertIn("cluster", labels.split(", "), name)
            self.assertNotRegex(rule["expr"], r"\b(without|ignoring)\b", name)

    def test_every_alert_has_a_severity_and_says_what_to_do(self):
        for name, rule in rules(ALL_ON).items():
            if "alert" in rule:
                self.assertIn(rule["labels"]["severity"], ("info", "warning", "critical"), name)
                self.assertEqual(set(rule["annotations"]), {"summary", "description", "runbook_url"}, name)
                self.assertNotRegex(str(rule["annotations"]), r"\[\[|\]\]", name)


if __name__ == "__main__":
    unittest.main()
