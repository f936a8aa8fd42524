"""How often is collected, from when on a sample counts for nothing, and how long an alert has to hold: what fits together."""

import json
import re
import unittest

import promtool
from rendering import RenderError, of_kind, render
from rulecases.series import MINUTES, NOW
from rulecases.scenario import put, three
from test_rules import FORMS, groups, rules

EVERY = {"collection.mode": "daemonset", "collection.interval": 300}


def stale(values):
    """The age that all rules go by."""
    (found,) = set(re.findall(r"age:seconds (?:<=|>) (\d+)", str(rules(values))))
    return int(found)


def scheduled(schedule):
    return {"collection.schedule": schedule}


class Age(unittest.TestCase):
    def test_it_is_twice_the_longest_pause_within_an_hour_and_a_minute(self):
        pauses = {
            "*/1 * * * *": 1, "* * * * *": 1, "*/5 * * * *": 5, "*/7 * * * *": 7, "2-59/5 * * * *": 5, "0,30 * * * *": 30,
            "10-50/20 * * * *": 20, "5/15 * * * *": 15, "1,2,4 * * * *": 57, "7 * * * *": 60, "@hourly": 60, "*/2 */1 ? * *": 2,
        }  # fmt: skip
        for schedule, minutes in pauses.items():
            with self.subTest(schedule):
                self.assertEqual(stale(scheduled(schedule)), 120 * minutes + 60)

    def test_a_daemonset_has_its_interval(self):
        self.assertEqual(stale({"collection.mode": "daemonset"}), 180)
        self.assertEqual(stale(EVERY), 660)
        self.assertEqual(stale({**EVERY, "collection.interval": 15}), 90)

    def test_a_cronjob_that_collects_more_often_in_its_run_has_its_schedule(self):
        self.assertEqual(stale({"collection.interval": 15}), 180)

    def test_of_several_pools_the_slowest_counts(self):
        pools = [{"name": "a"}, {"name": "b", "collection": {"schedule": "*/10 * * * *", "timeout": None}}]
        self.assertEqual(stale({"pools": pools}), 1260)
        self.assertEqual(stale({"pools": pools[:1], **scheduled("*/3 * * * *")}), 420)

    def test_dashboards_go_by_the_same(self):
        texts = [text for item in of_kind(render(scheduled("*/5 * * * *")), "ConfigMap") for text in item["data"].values()]
        boxes = [box for text in texts for box in json.loads(text)["templating"]["list"]]
        self.assertEqual({box["query"] for box in boxes if box["name"] == "stale"}, {"660"})

    def test_one_that_is_given_stays(self):
        self.assertEqual(stale({"prometheus.staleAfterSeconds": 200}), 200)
        self.assertEqual(stale({"prometheus.staleAfterSeconds": 120}), 120)


class Refused(unittest.TestCase):
    def refused(self, values, sentence):
        with self.assertRaisesRegex(RenderError, sentence):
            render({"prometheusRule.enabled": True, **values})

    def test_an_age_that_fresh_samples_reach(self):
        self.refused({"prometheus.staleAfterSeconds": 10}, r'is 10, and with collection.schedule "\*/1 \* \* \* \*" a node collects every 60 s.*at least 120.*it is 180')
        self.refused({"prometheus.staleAfterSeconds": 180, **scheduled("*/5 * * * *")}, "every 300 s.*at least 360, .*it is 660")
        self.refused({"prometheus.staleAfterSeconds": 180, **EVERY}, "with collection.interval a node collects every 300 s")
        self.refused({"prometheus.staleAfterSeconds": 180, "prometheusRule.enabled": False, **scheduled("*/5 * * * *")}, "every 300 s")
        off = {"prometheusRule.enabled": False, "dashboards.enabled": False}
        render({"prometheus.staleAfterSeconds": 180, **off, **scheduled("*/5 * * * *")})

    def test_rules_for_hours_without_a_collection(self):
        for schedule in ("0 8-18 * * *", "*/5 * * * 1-5", "*/5 */2 * * *", "@daily"):
            self.refused(scheduled(schedule), "leaves hours or days without a collection")
            render(scheduled(schedule))

    def test_minutes_that_cron_does_not_know(self):
        for minutes in ("61", "5-3", "*/0", "1,,2", "a", "1-70", "*/5/2"):
            self.refused(scheduled(f"{minutes} * * * *"), "is no minute")

    def test_a_deadline_that_keeps_the_next_run_from_starting(self):
        self.refused({"collection.activeDeadlineSeconds": 61}, r"\(61 s\) is longer than the 60 s between two runs.*Give at most 60")
        render({"collection.activeDeadlineSeconds": 60})
        render({"collection.activeDeadlineSeconds": 300, **scheduled("*/5 * * * *")})
        self.refused({"collection.activeDeadlineSeconds": 301, **scheduled("*/5 * * * *")}, "longer than the 300 s")


class Hold(unittest.TestCase):
    """No alert holds for less than two collections."""

    def held(self, values):
        return {name: rule["for"] for name, rule in rules(values).items() if "for" in rule}

    def test_what_is_shorter_becomes_two_collections(self):
        plain, slow = self.held({}), self.held(scheduled("*/5 * * * *"))
        self.assertEqual({name: slow[name] for name in slow if slow[name] != plain[name]}, {name: "10m" for name in plain if plain[name] == "5m"})
        self.assertEqual(set(self.held(scheduled("*/30 * * * *")).values()), {"60m"})
        odd = self.held({**EVERY, "collection.interval": 95, "prometheusRule.alerts.GPUCollectorStale.for": "1m30s"})
        self.assertEqual((odd["GPUCollectorStale"], odd["GPUDeviceUnreadable"]), ("190s", "5m"))

    def test_the_texts_say_so(self):
        text = rules(scheduled("*/5 * * * *"))["GPUDeviceUnreadable"]["annotations"]["description"]
        self.assertIn("could not read it or the processes on it for 10m.", text)

    def test_with_a_collection_each_minute_one_may_be_shorter(self):
        self.assertEqual(self.held({"prometheusRule.alerts.GPUCollectorStale.for": "1s"})["GPUCollectorStale"], "1s")


class EveryFiveMinutes(unittest.TestCase):
    def day(self, change):
        """Three nodes that collect every five minutes, one of which is changed."""
        nodes = three("checkpoint-mig", change, calm=lambda node: node.drop("gpu_allocation_info", pod="idle-0"))()
        for node in nodes:
            node.problem("allocation_device_unknown", 0)
            node.last_run = " ".join(str(NOW + minute // 5 * 300) for minute in range(MINUTES + 1))
        return [each for node in nodes for each in node.series(FORMS[0])]

    def fired(self, change, expected):
        query = "group by (alertname, gpu) (last_over_time(ALERTS[80m]))"
        samples = [{"labels": labels, "value": 1} for labels in expected]
        test = {"interval": "1m", "input_series": self.day(change), "promql_expr_test": [{"expr": query, "eval_time": "80m", "exp_samples": samples}]}
        return promtool.test(groups(scheduled("*/5 * * * *")), [test])

    def test_nothing_is_even_pending_on_healthy_nodes(self):
        self.assertEqual(self.fired(lambda node: None, []), "")

    def test_a_lost_gpu_is_told(self):
        self.assertEqual(self.fired(put("gpu_device_readable", 0, gpu="1"), ['{alertname="GPUDeviceUnreadable", gpu="1"}']), "")


if __name__ == "__main__":
    unittest.main()
