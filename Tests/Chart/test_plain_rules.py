"""The rules without Kubernetes: the chart's own, as a file that Prometheus loads."""

import unittest

import plain_rules
import promtool
import yaml


class File(unittest.TestCase):
    def setUp(self):
        self.text = plain_rules.FILE.read_text(encoding="utf-8")

    def test_it_is_what_the_chart_makes(self):
        self.assertEqual(self.text, plain_rules.text(), "Tests/Chart/plain_rules.py --write")

    def test_it_has_the_rules_that_are_tested_in_every_form_of_labels(self):
        self.assertEqual(yaml.safe_load(self.text)["groups"], plain_rules.groups())

    def test_promtool_accepts_it(self):
        code, output = promtool.run("check", "rules", plain_rules.FILE.name, directory=plain_rules.FILE.parent)
        self.assertEqual(code, 0, output)

    def test_nothing_of_helm_is_left(self):
        for left in ("[[", "]]", "{for}", "{alert}", "helm", "namespace!~"):
            self.assertNotIn(left, self.text.removeprefix(plain_rules.HEAD))


if __name__ == "__main__":
    unittest.main()
