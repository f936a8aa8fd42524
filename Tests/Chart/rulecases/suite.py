"""Scenarios and recordings as promtool's tests."""

import re

import promtool
from rulecases.scenario import nothing
from rulecases.series import written


# The groups whose series a group rests on.
RESTS_ON = {"base": [], "mig": ["base"], "devices": ["base"], "collector": ["base"]}
ON_ALL = ["base", "mig", "usage"]


def with_prerequisites(group, groups):
    """The group behind those it rests on."""
    name = group["name"].removeprefix("gpu-sessions-")
    wanted = [f"gpu-sessions-{each}" for each in RESTS_ON.get(name, ON_ALL) if each != name]
    return [each for each in groups if each["name"] in wanted] + [group]


def minutes(duration):
    return int(re.fullmatch(r"(\d+)m", duration)[1])


class Suite:
    """
    The tests of one group's rules in one form. `shown` counts for each rule the tests in which it fires and those in
    which it is silent: what they expect, not what they are called.
    """

    def __init__(self, group, groups, form, scenarios, recordings):
        self.group, self.form, self.tests = group, form, []
        self.groups = with_prerequisites(group, groups)
        self.rules = {rule.get("alert") or rule["record"]: rule for rule in group["rules"]}
        self.shown = {(name, sign): 0 for name in self.rules for sign in ("fires", "silent")}
        for scenario in scenarios:
            if scenario.alert in self.rules:
                self.add_scenario(scenario)
        for recording in recordings:
            if recording.record in self.rules:
                self.add_recording(recording)

    def add_scenario(self, scenario):
        hold = scenario.delay + minutes(self.rules[scenario.alert]["for"])
        self.add_alerts(scenario, "long enough", nothing, hold + 1, scenario.fires)
        self.add_alerts(scenario, "not long enough", nothing, hold - 1, [])
        for name, change in scenario.silent.items():
            self.add_alerts(scenario, name, change, hold + 1, [])
        for name, change in scenario.still.items():
            self.add_alerts(scenario, name, change, hold + 1, scenario.fires)

    def add_alerts(self, scenario, name, change, minute, fires):
        """ALERTS is compared, for promtool compares annotations always; those are compared where nothing was changed."""
        nodes = scenario.nodes(change)
        labels = [self.labels(scenario, firing, nodes[0]) for firing in fires]
        firing = [written("ALERTS", {"alertname": scenario.alert, "alertstate": "firing", **each}) for each in labels]
        selector = written("ALERTS", {"alertname": scenario.alert, "alertstate": "firing"})
        title = f"{scenario.alert}: {scenario.name}; {name}"
        test = self.add(title, nodes, selector, minute, [{"labels": each, "value": 1} for each in firing])
        if change is nothing:
            runbook = {"runbook_url": self.rules[scenario.alert]["annotations"]["runbook_url"]}
            texts = [{"summary": firing.summary, "description": firing.description} | runbook for firing in fires]
            alerts = [{"exp_labels": each, "exp_annotations": text} for each, text in zip(labels, texts)]
            test["alert_rule_test"] = [{"alertname": scenario.alert, "eval_time": f"{minute}m", "exp_alerts": alerts}]
        self.shown[scenario.alert, "fires" if fires else "silent"] += 1

    def labels(self, scenario, firing, culprit):
        labels = firing.labels if firing.elsewhere else culprit @ firing.labels
        return {**labels, "severity": self.rules[scenario.alert]["labels"]["severity"]}

    def add_recording(self, recording):
        expected = [{"labels": written("", labels), "value": value} for labels, value in recording.samples]
        query = f"round({recording.query or recording.record}, 0.001)"
        self.add(f"{recording.record}: {recording.name}", recording.nodes(), query, recording.minute, expected)
        self.shown[recording.record, "fires" if expected else "silent"] += 1

    def add(self, name, nodes, expression, minute, expected):
        query = {"expr": expression, "eval_time": f"{minute}m", "exp_samples": expected}
        series = [each for node in nodes for each in node.series(self.form)]
        self.tests.append({"name": name, "interval": "1m", "input_series": series, "promql_expr_test": [query]})
        return self.tests[-1]

    def run(self):
        """What is wrong, by promtool; empty if nothing. promtool does not say which test failed, so each is asked alone."""
        if not promtool.test(self.groups, self.tests):
            return ""
        failures = ((test["name"], promtool.test(self.groups, [test])) for test in self.tests)
        return "\n".join(f"{name}\n{output}" for name, output in failures if output)
