"""The rules in a real Prometheus that scrapes recorded nodes: all are evaluated, and whose a session is, is as published."""

import contextlib
import re
import time
import unittest

import clusters
from plain_rules import groups
from rendering import ROOT

PATIENCE_SECONDS = 30
OWNER = ("gpu", "pid", "command", "namespace", "pod", "container", "pod_uid", "user")


def published(node):
    """The owners of a node's sessions, as its file has them."""
    text = (ROOT / "Fixtures" / "nodes" / node / "expected.prom").read_text(encoding="utf-8")
    lines = re.findall(r'^gpu_process_info\{(.*status="active".*)\} 1$', text, re.MULTILINE)
    return {owner(dict(re.findall(r'(\w+)="([^"]*)"', line))) for line in lines}


def owner(labels):
    return tuple(labels.get(name, "") for name in OWNER)


def settled(server, wanted):
    """What the server has recorded, as soon as that is what is wanted."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    while True:
        found = {node: {owner(labels) for labels, _ in server.query(f'gpu:session:info{{node="{node}"}}')} for node in wanted}
        if found == wanted or time.monotonic() > give_up:
            return found
        time.sleep(0.5)


class Live(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        stack = contextlib.ExitStack()
        cls.addClassCleanup(stack.close)
        cases = {(plain, twice): clusters.three_nodes(plain=plain, twice=twice, groups=groups()) for plain in (True, False) for twice in (True, False)}
        cls.servers = {case: stack.enter_context(server) for case, server in cases.items()}
        cls.wanted = {node: published(node) for node in (clusters.MIG, clusters.WHOLE, clusters.BARE)}
        cls.found = {case: settled(server, cls.wanted) for case, server in cls.servers.items()}

    def test_the_owner_of_each_session_is_the_one_that_was_published(self):
        for case, found in self.found.items():
            with self.subTest(plain_twice=case):
                self.assertEqual(found, self.wanted)

    def test_every_rule_is_evaluated_and_none_accuses(self):
        for case, server in self.servers.items():
            with self.subTest(plain_twice=case):
                rules = [rule for group in server.ask("rules")["groups"] for rule in group["rules"]]
                self.assertEqual([(rule["name"], rule.get("lastError")) for rule in rules if rule["health"] != "ok"], [])
                self.assertEqual(len(rules), sum(len(group["rules"]) for group in groups()))
                self.assertEqual(server.query('ALERTS{alertname="GPULabelFormUnknown"}'), [])
                self.assertEqual(server.query('ALERTS{pod=~"exporter-of-.*"}'), [])


if __name__ == "__main__":
    unittest.main()
