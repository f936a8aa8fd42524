"""The PrometheusRule's values: which alerts there are, of whom they speak, and what they say."""

import dataclasses
import re
import unittest

import promtool
import yaml
from rendering import CHART, RenderError, of_kind, render
from rulecases.suite import Suite
from test_rules import ALL_ON, FORMS, OFF, SCENARIOS, groups, prometheus_rule, rules

ALERTS = yaml.safe_load((CHART / "values.yaml").read_text(encoding="utf-8"))["prometheusRule"]["alerts"]


def alerts(values=None):
    return {name: rule for name, rule in rules(values).items() if "alert" in rule}


class Settings(unittest.TestCase):
    def test_there_is_none_by_default_or_without_the_chart(self):
        self.assertEqual(of_kind(render(), "PrometheusRule"), [])
        self.assertEqual(prometheus_rule({"enabled": False}), [])

    def test_the_page_has_each_alert_under_its_severity(self):
        rows = re.findall(r"^\| (critical|warning|info|off)\b[^|]*\| (.*) \|$", (CHART / "RULES.md").read_text(encoding="utf-8"), re.MULTILINE)
        listed = {name: severity for severity, names in rows for name in re.findall(r"`(\w+)`", names)}
        self.assertEqual(listed, {name: "off" if name in OFF else given["severity"] for name, given in ALERTS.items()})

    def test_the_page_has_each_recorded_series(self):
        text = (CHART / "RULES.md").read_text(encoding="utf-8")
        section = text[text.index("## Recorded series") :]
        self.assertEqual(set(re.findall(r"`(\w+(?::\w+)+)`", section)), {name for name, rule in rules().items() if "record" in rule})

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
        self.assertEqual(set(ALERTS), set(names) | set(OFF))
        for name in names:
            self.assertEqual(set(rules()) - set(rules({"prometheusRule.disabled": [name]})), {name})
            self.assertEqual(set(rules()) - set(rules({f"prometheusRule.alerts.{name}.enabled": False})), {name})
        self.assertEqual([rule for rule in rules({"prometheusRule.disabled": names}).values() if "alert" in rule], [])

    def test_those_that_say_that_a_gpu_is_at_work_are_off(self):
        self.assertEqual(set(OFF), {"GPUMemoryAlmostFull", "GPUHighUtilization", "MIGHighUtilization", "GPUNearPowerLimit"})
        self.assertEqual(set(rules(ALL_ON)) - set(rules()), set(OFF))

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
        changed = rules(ALL_ON | {f"prometheusRule.alerts.{name}.above": 4711 for name, given in ALERTS.items() if "above" in given})
        same = {name for name, rule in rules(ALL_ON).items() if changed[name]["expr"] == rule["expr"]}
        self.assertEqual(same & set(ALERTS), {name for name, settings in ALERTS.items() if "above" not in settings})

    def test_an_alert_goes_on_firing_for_a_while_or_not(self):
        keep = "prometheusRule.keepFiringFor"
        self.assertEqual({alert["keep_firing_for"] for alert in alerts().values()}, {"15m"})
        self.assertFalse(any("keep_firing_for" in alert for alert in alerts({keep: "0"}).values()))
        one = alerts({keep: "0", "prometheusRule.alerts.GPUCollectorStale.keepFiringFor": "1h"})
        self.assertEqual({name: alert["keep_firing_for"] for name, alert in one.items() if "keep_firing_for" in alert}, {"GPUCollectorStale": "1h"})
        self.assertNotIn("keep_firing_for", alerts({"prometheusRule.alerts.GPUCollectorStale.keepFiringFor": "0"})["GPUCollectorStale"])

    def test_numbers_are_labels_and_annotations_as_text(self):
        values = {f"prometheusRule.{name}": {"cost-center": 4711, "big": 1000000} for name in ("labels", "annotations", "alertLabels")}
        (rule,) = prometheus_rule(values | {"prometheusRule.alerts.GPUCollectorStale.annotations": {"ticket": 12, "ok": True}})
        for given in (rule["metadata"]["labels"], rule["metadata"]["annotations"], rule["spec"]["groups"][-1]["rules"][0]["labels"]):
            self.assertEqual((given["cost-center"], given["big"]), ("4711", "1000000"))
        stale = next(rule for rule in rule["spec"]["groups"][-1]["rules"] if rule["alert"] == "GPUCollectorStale")
        self.assertEqual((stale["annotations"]["ticket"], stale["annotations"]["ok"]), ("12", "true"))

    def test_annotations_of_an_alert_are_added_and_win(self):
        given = {"summary": "{{ $labels.node }} is slow", "dashboard": "https://grafana/d/gpu-sessions"}
        found = alerts({"prometheusRule.alerts.GPUCollectorStale.annotations": given})["GPUCollectorStale"]["annotations"]
        self.assertEqual(found | given, found)
        self.assertIn("description", found)

    def test_the_runbook_is_a_value_of_all_or_one_and_may_have_the_alerts_name(self):
        for name, alert in alerts().items():
            self.assertTrue(alert["annotations"]["runbook_url"].endswith(f"/Troubleshooting.md#{name.lower()}"))
        values = {"prometheusRule.runbookURL": "https://wiki/{alert}#{anchor}", "prometheusRule.alerts.GPUCollectorStale.runbookURL": "https://other"}
        found = {name: alert["annotations"]["runbook_url"] for name, alert in alerts(values).items()}
        self.assertEqual((found["GPUCountDropped"], found["GPUCollectorStale"]), ("https://wiki/GPUCountDropped#gpucountdropped", "https://other"))

    def test_the_cluster_has_another_label(self):
        values = {"prometheus.clusterLabel": "k8s_cluster", **ALL_ON}
        for name, rule in rules(values).items():
            for labels in re.findall(r"\b(?:on|by)\s*\(([^)]*)\)", rule["expr"]):
                self.assertIn("k8s_cluster", labels.split(", "), name)
                self.assertNotIn("cluster", labels.split(", "), name)
            self.assertNotIn("$labels.cluster", str(rule.get("annotations")))
        self.assertIn("$labels.k8s_cluster", str(rules(values)["HighGPUUtilization"]["annotations"]))
        self.assertEqual(set(rules(values)), set(rules(ALL_ON)))
        self.assertEqual(promtool.check(groups(values)), "")


OWNERS = ("GPUAllocatedButIdle", "GPUHeldWithoutWork", "GPUUsedWithoutAllocation", "LongRunningGPUProcess", "GPUProcessDefunct")


class Exclusions(unittest.TestCase):
    """Each alert that names an owner is silent about a namespace that is left out, and about no other."""

    def firing(self, name, values):
        """Whether an alert fires in its first scenario about a pod."""
        made = groups(values)
        scenario = next(each for each in SCENARIOS if each.alert == name and any("namespace" in firing.labels for firing in each.fires))
        (rule,) = (rule for group in made for rule in group["rules"] if rule.get("alert") == name)
        suite = Suite(rule, made, dataclasses.replace(FORMS[0], brief=True), [scenario], [])
        spaces = {firing.labels.get("namespace") for firing in scenario.fires}
        return spaces, suite.run()

    def test_of_all_alerts_or_of_one(self):
        for name in OWNERS:
            spaces, outcome = self.firing(name, {"prometheusRule.excludeNamespaces": ["other", "x.*"]})
            self.assertEqual(outcome, "", name)
            for key in ("prometheusRule.excludeNamespaces", f"prometheusRule.alerts.{name}.excludeNamespaces"):
                _, outcome = self.firing(name, {key: [*(space for space in spaces if space), "x"]})
                with self.subTest(name, key=key):
                    self.assertIn("FAILED", outcome)

    def test_a_namespace_may_be_a_regular_expression(self):
        self.assertIn("FAILED", self.firing("GPUHeldWithoutWork", {"prometheusRule.excludeNamespaces": ["ml-.*"]})[1])
        self.assertEqual("", self.firing("GPUHeldWithoutWork", {"prometheusRule.excludeNamespaces": ["l-.*", "ml"]})[1])

    def test_idle_gpus_of_such_a_namespace_are_not_what_others_wait_for(self):
        values = {"prometheusRule.alerts.GPUPodsPendingWhileIdle.excludeNamespaces": ["a", "b.*"]}
        self.assertIn('namespace:gpu_idle:fraction{namespace!~"a|b.*"}', rules(values)["GPUPodsPendingWhileIdle"]["expr"])


if __name__ == "__main__":
    unittest.main()
