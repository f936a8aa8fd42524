"""Scenarios and recordings as promtool's tests."""

import re

import promtool
from rulecases.scenario import nothing
from rulecases.series import written


def name_of(rule):
    return rule.get("alert") or rule["record"]


def needed(rule, groups):
    """The groups with nothing but the rule and those whose series it rests on: the others take time."""
    wanted, todo = set(), [rule]
    while todo:
        each = todo.pop()
        wanted.add(name_of(each))
        series = set(re.findall(r"\w+(?::\w+)+", each["expr"])) - wanted
        todo += [other for group in groups for other in group["rules"] if other.get("record") in series]
    kept = [group | {"rules": [each for each in group["rules"] if name_of(each) in wanted]} for group in groups]
    return [group for group in kept if group["rules"]]


def minutes(duration):
    return int(re.fullmatch(r"(\d+)m", duration)[1])


class Suite:
    """
    The tests of one rule in one form. `shown` counts the tests in which it fires and those in which it is silent: what
    they expect, not what they are called.
    """

    def __init__(self, rule, groups, form, scenarios, recordings):
        self.rule, self.groups, self.form, self.tests = rule, needed(rule, groups), form, []
        self.shown = {"fires": 0, "silent": 0}
        for scenario in scenarios:
            if scenario.alert == rule.get("alert"):
                self.add_scenario(scenario)
        for recording in recordings:
            if recording.record == rule.get("record"):
                self.add_recording(recording)

    def add_scenario(self, scenario):
        hold = scenario.delay + minutes(self.rule["for"])
        self.add_alerts(scenario, "long enough", nothing, hold + 1, scenario.fires)
        self.add_alerts(scenario, "not long enough", nothing, hold - 1, [])
        if self.form.brief:
            return
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
            runbook = {"runbook_url": self.rule["annotations"]["runbook_url"]}
            texts = [{"summary": firing.summary, "description": firing.description} | runbook for firing in fires]
            alerts = [{"exp_labels": each, "exp_annotations": text} for each, text in zip(labels, texts)]
            test["alert_rule_test"] = [{"alertname": scenario.alert, "eval_time": f"{minute}m", "exp_alerts": alerts}]
        self.shown["fires" if fires else "silent"] += 1

    def labels(self, scenario, firing, culprit):
        labels = firing.labels if firing.elsewhere else culprit @ firing.labels
        return {**labels, "severity": self.rule["labels"]["severity"]}

    def add_recording(self, recording):
        expected = [{"labels": written("", labels), "value": value} for labels, value in recording.samples]
        query = f"round({recording.query or recording.record}, 0.001)"
        self.add(f"{recording.record}: {recording.name}", recording.nodes(), query, recording.minute, expected)
        self.shown["fires" if expected else "silent"] += 1

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
