"""The PrometheusRule: how it renders, and what its rules say, by promtool, for every form in which labels arrive."""

import concurrent.futures
import re
import unittest

import promtool
import yaml
from rendering import CHART, RenderError, of_kind, render
from rulecases import allocations, collector, devices, holders, kubernetes, lost, mig, ownership, usage, work
from rulecases.scenario import three
from rulecases.series import Form
from rulecases.suite import Suite, name_of

SCENARIOS = [scenario for module in (usage, allocations, work, ownership, mig, devices, lost, kubernetes, collector) for scenario in module.SCENARIOS]
RECORDINGS = holders.RECORDINGS + usage.RECORDINGS + work.RECORDINGS + mig.RECORDINGS + lost.RECORDINGS
FORMS = [
    Form("exported", "exported", sets_node=False, scale=100),
    Form("exported", "plain", sets_node=True, scale=100),
    Form("plain", "exported", sets_node=False, scale=1),
    Form("exported", "plain", sets_node=True, scale=1, twice=True),
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
        for name, rule in rules().items():
            if "alert" in rule:
                self.assertIn(rule["labels"]["severity"], ("info", "warning", "critical"), name)
                self.assertEqual(set(rule["annotations"]), {"summary", "description"}, name)
                self.assertNotRegex(str(rule["annotations"]), r"\[\[|\]\]", name)


class Settings(unittest.TestCase):
    def test_there_is_none_by_default_or_without_the_chart(self):
        self.assertEqual(of_kind(render(), "PrometheusRule"), [])
        self.assertEqual(prometheus_rule({"enabled": False}), [])

    def test_labels_and_namespace_are_settable(self):
        (rule,) = prometheus_rule({"prometheusRule.labels": {"release": "kps"}, "prometheusRule.namespace": "rules"})
        self.assertEqual((rule["apiVersion"], rule["metadata"]["namespace"]), ("monitoring.coreos.com/v1", "rules"))
        self.assertEqual(rule["metadata"]["labels"]["release"], "kps")
        self.assertEqual(rule["metadata"]["labels"]["app.kubernetes.io/name"], "gpu-sessions")
        (rule,) = prometheus_rule()
        self.assertEqual(rule["metadata"]["namespace"], "monitoring")

    def test_alert_labels_stand_beside_the_severity(self):
        alerts = [rule for rule in rules({"prometheusRule.alertLabels": {"team": "gpu"}}).values() if "alert" in rule]
        self.assertEqual({rule["labels"]["team"] for rule in alerts}, {"gpu"})
        self.assertTrue(all(rule["labels"]["severity"] for rule in alerts))

    def test_each_alert_can_be_switched_off(self):
        names = [name for name, rule in rules().items() if "alert" in rule]
        self.assertEqual(len(names), 14)
        for name in names:
            self.assertEqual(set(rules()) - set(rules({"prometheusRule.disabled": [name]})), {name})
        self.assertEqual([rule for rule in rules({"prometheusRule.disabled": names}).values() if "alert" in rule], [])

    def test_a_name_that_no_alert_has_is_refused(self):
        with self.assertRaisesRegex(RenderError, 'there is no alert "GPUHot".*GPUHighTemperature'):
            prometheus_rule({"prometheusRule.disabled": ["GPUHot"]})

    def test_thresholds_durations_and_staleness_are_settable(self):
        alert = "prometheusRule.alerts.GPUHighTemperature."
        changed = rules({alert + "above": 70.5, alert + "for": "1m", alert + "severity": "critical", "prometheus.staleAfterSeconds": 600})
        rule = changed["GPUHighTemperature"]
        self.assertRegex(rule["expr"], r"> 70\.5$")
        self.assertIn("hotter than 70.5 °C for 1m", rule["annotations"]["description"])
        self.assertEqual((rule["for"], rule["labels"]["severity"]), ("1m", "critical"))
        self.assertNotIn("180", str([rule["expr"] for rule in changed.values()]))

    def test_every_threshold_is_used(self):
        alerts = yaml.safe_load((CHART / "values.yaml").read_text())["prometheusRule"]["alerts"]
        changed = rules({f"prometheusRule.alerts.{name}.above": 4711 for name, settings in alerts.items() if "above" in settings})
        same = {name for name, rule in rules().items() if changed[name]["expr"] == rule["expr"]}
        self.assertEqual(same & set(alerts), {name for name, settings in alerts.items() if "above" not in settings})


if __name__ == "__main__":
    unittest.main()
