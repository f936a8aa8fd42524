"""The rules without Kubernetes: the chart's own, as a file that Prometheus loads."""

import pathlib
import re
import shutil
import tempfile
import textwrap
import unittest

import plain_rules
import promtool
import yaml
from rendering import ROOT

PAGE = ROOT / "Sources/gpu-sessions/Documentation.docc/PrometheusAndGrafana.md"


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

    def test_the_configuration_on_the_page_is_one_that_loads_it(self):
        (block,) = re.findall(r"^ *```yaml\n(.*?)^ *```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
        with tempfile.TemporaryDirectory() as directory:
            shutil.copy(plain_rules.FILE, directory)
            configuration = textwrap.dedent(block).replace("/etc/prometheus/", f"{directory}/")
            pathlib.Path(directory, "prometheus.yml").write_text(configuration, encoding="utf-8")
            code, output = promtool.run("check", "config", "prometheus.yml", directory=directory)
        self.assertEqual(code, 0, output)
        self.assertIn("SUCCESS: 1 rule files found", output)
        self.assertEqual(yaml.safe_load(block)["scrape_configs"][0]["static_configs"], [{"targets": ["NODE:9100"]}])

    def test_nothing_of_helm_is_left(self):
        for left in ("[[", "]]", "{for}", "{alert}", "helm", "namespace!~"):
            self.assertNotIn(left, self.text.removeprefix(plain_rules.HEAD))


if __name__ == "__main__":
    unittest.main()
