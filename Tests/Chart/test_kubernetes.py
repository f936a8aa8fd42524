"""What is rendered is what Kubernetes takes, in the oldest release that the chart supports, the newest and one between."""

import functools
import re
import unittest

import kubernetes_validate
import yaml
import yamllint.config
import yamllint.linter
from kubernetes_validate import utils

from combinations import PRESETS, all_manifests, all_texts, ci_manifests
from rendering import CHART, ROOT, helm, value_arguments

from fixtures import at_once

STYLE = yamllint.config.YamlLintConfig(file=str(ROOT / "Tests/Chart/yamllint.yaml"))
# Kinds of operators and of OpenShift, which Kubernetes' own schemas do not have.
FOREIGN = {"PrometheusRule", "SecurityContextConstraints"}


def releases():
    """The chart's oldest release, the validator's newest, and one in the middle."""
    oldest = re.search(r"(\d+\.\d+)", yaml.safe_load((CHART / "Chart.yaml").read_text())["kubeVersion"]).group(1)
    known = [utils.major_minor(version) for version in utils.all_versions()]
    supported = known[known.index(oldest) :]
    return supported[0], supported[len(supported) // 2], supported[-1]


def complaint(manifest, release):
    try:
        kubernetes_validate.validate(manifest, release, strict=True)
    except kubernetes_validate.ValidationError as error:
        return f"{'/'.join(map(str, error.path))}: {error.message[:200]}"
    return None


def style_problems(text):
    return [f"{problem.line}: {problem.message}" for problem in yamllint.linter.run(text, STYLE)]


class Manifests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        # One release's schemas are a megabyte: read once, not once per manifest.
        cls.original = utils.schema_contents
        utils.schema_contents = functools.lru_cache(maxsize=None)(cls.original)

    @classmethod
    def tearDownClass(cls):
        utils.schema_contents = cls.original

    def test_three_releases_take_every_manifest(self):
        self.assertEqual(releases(), ("1.25", "1.31", "1.37"))
        for release in releases():
            for name, manifests in (all_manifests(release) | ci_manifests(release)).items():
                with self.subTest(name, release=release):
                    own = [manifest for manifest in manifests if manifest["kind"] not in FOREIGN]
                    self.assertTrue(own)
                    self.assertEqual([said for manifest in own if (said := complaint(manifest, release))], [])

    def test_the_oldest_release_refuses_what_is_rendered_for_the_newest(self):
        """What makes rendering for each release more than the same thing three times."""
        oldest, _, newest = releases()
        refused = [complaint(manifest, oldest) for manifest in all_manifests(newest)["default"] if manifest["kind"] == "CronJob"]
        self.assertIn("recursiveReadOnly", refused[0])

    def test_the_validation_refuses_what_kubernetes_does(self):
        broken = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "a"}, "automountServiceAccountToken": "no", "x": 1}
        self.assertIsNotNone(complaint(broken, releases()[0]))

    def test_names_are_unique(self):
        for name, manifests in all_manifests().items():
            with self.subTest(name):
                names = [(entry["kind"], entry["metadata"].get("namespace"), entry["metadata"]["name"]) for entry in manifests]
                self.assertEqual(len(names), len(set(names)))


class Style(unittest.TestCase):
    def test_values_and_presets(self):
        for path in [CHART / "values.yaml", CHART / "Chart.yaml", *sorted((CHART / "presets").glob("*.yaml")), *sorted((CHART / "ci").glob("*.yaml"))]:
            with self.subTest(path.name):
                self.assertEqual(style_problems(path.read_text()), [])

    def test_what_is_rendered(self):
        for name, text in all_texts().items():
            with self.subTest(name):
                # A dashboard is one long line of JSON, a rule's expression may be.
                found = [problem for problem in style_problems(text) if "line too long" not in problem]
                self.assertEqual(found, [])

    def test_strict_lint(self):
        for said in at_once(lambda presets: helm("lint", "--strict", str(CHART), *value_arguments(presets=presets)), [(), *zip(PRESETS)]):
            self.assertIn("0 chart(s) failed", said)


if __name__ == "__main__":
    unittest.main()
