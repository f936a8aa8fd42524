"""Values that lack keys render as the defaults do: `--reuse-values` from an older release, `--set key=null`, subcharts."""

import functools
import pathlib
import shutil
import tempfile
import unittest

import yaml

from combinations import EXISTING, VALUES, workloads
from rendering import CHART, helm, pod_spec, render, run_helm

DEFAULTS = yaml.safe_load((CHART / "values.yaml").read_text())
CHART_FILE = yaml.safe_load((CHART / "Chart.yaml").read_text())


def key_paths(values, at=()):
    """The path of every key, groups included."""
    for key, value in values.items():
        yield (*at, key)
        if isinstance(value, dict):
            yield from key_paths(value, (*at, key))


def changed(path, *replacement):
    """The defaults with one key replaced, or taken away."""
    values = yaml.safe_load((CHART / "values.yaml").read_text())
    *above, last = path
    group = functools.reduce(dict.__getitem__, above, values)
    if replacement:
        (group[last],) = replacement
    else:
        del group[last]
    return values


def write_chart(folder, name, dependencies, values):
    folder.mkdir()
    chart = {"apiVersion": "v2", "name": name, "version": "1.0.0", "dependencies": dependencies}
    (folder / "Chart.yaml").write_text(yaml.safe_dump(chart))
    (folder / "values.yaml").write_text(yaml.safe_dump(values))


def render_each(cases, only=None):
    """What many values render, by one helm: each is the chart, which has no values itself, under an alias.

    The alias, which stands in the labels, is taken out again. `only`: a template in place of the chart's manifests.
    """
    with tempfile.TemporaryDirectory() as temporary:
        parent, name = pathlib.Path(temporary, "parent"), CHART_FILE["name"]
        dependencies = [{"name": name, "version": CHART_FILE["version"], "repository": "", "alias": alias} for alias in cases]
        write_chart(parent, "parent", dependencies, cases)
        copy = parent / "charts" / name
        shutil.copytree(CHART, copy, ignore=shutil.ignore_patterns("presets", "*.md", *(["*.yaml", "*.txt"] if only else [])))
        shutil.copytree(CHART / "files", copy / "files", dirs_exist_ok=True)
        shutil.copy(CHART / "Chart.yaml", copy)
        (copy / "values.yaml").write_text("{}")
        if only:
            (copy / "templates/only.yaml").write_text(only)
        text = run_helm(chart=parent)
    found = {alias: [] for alias in cases}
    for document in text.split("---\n# Source: ")[1:]:
        alias = document.split("/", 3)[2]
        found[alias].append(document.replace(f"{alias}-{CHART_FILE['version']}", name).replace(f"/{alias}/", f"/{name}/"))
    return {alias: "\n".join(documents) for alias, documents in found.items()}


class MissingKeys(unittest.TestCase):
    def test_all_of_them(self):
        found = render_each({"all": DEFAULTS, "none": {}, "collection": {"collection": None}})
        self.assertIn("kind: CronJob", found["all"])
        self.assertEqual(found["none"], found["all"])
        self.assertEqual(found["collection"], found["all"])

    def test_templates_see_only_the_values_in_force(self):
        for path in (CHART / "templates").rglob("*"):
            if path.is_file() and path.name != "_values.tpl":
                with self.subTest(path.name):
                    self.assertNotIn(".Values", path.read_text())

    def test_any_of_them(self):
        # Of the values in force, which by the test above are all that the templates see.
        paths = {f"case-{index}": path for index, path in enumerate(key_paths(DEFAULTS))}
        self.assertGreater(len(paths), 80)
        cases = {"all": DEFAULTS}
        cases |= {f"{name}-missing": changed(path) for name, path in paths.items()}
        cases |= {f"{name}-null": changed(path, None) for name, path in paths.items()}
        found = render_each(cases, only='{{ include "gpu-sessions.values" . }}')
        self.assertIn('"activeDeadlineSeconds":55', found["all"])
        # What is taken out of these is taken away: test_values.py.
        amounts = {name for name, path in paths.items() if path[:2] == ("collection", "resources") and len(path) > 2}
        self.assertEqual(len(amounts), 6)
        for name, path in [entry for entry in paths.items() if entry[0] not in amounts]:
            for form in ("missing", "null"):
                with self.subTest(".".join(path), form=form):
                    self.assertEqual(found[f"{name}-{form}"], found["all"])

    def test_null_on_the_command_line(self):
        for path in ("collection", "collection.resources", "driver", "securityContext.capabilities", "gpu-session-monitoring"):
            with self.subTest(path):
                self.assertEqual(render(arguments=("--set", f"{path}=null")), render())


class Nested(unittest.TestCase):
    def test_values_below_the_charts_own_name_are_the_same(self):
        for name in ("everything", "pools", "daemonset with nodes"):
            with self.subTest(name):
                nested = {f"gpu-session-monitoring.{path}": value for path, value in VALUES[name].items()}
                self.assertEqual(render(nested), render(VALUES[name]))

    def test_they_win(self):
        (one,) = workloads(render({"collection.schedule": "1 * * * *", "gpu-session-monitoring.collection.schedule": "2 * * * *"}))
        self.assertEqual(one["spec"]["schedule"], "2 * * * *")

    def test_existing_values_work_unchanged(self):
        (job,) = workloads(render(EXISTING))
        self.assertEqual(job["metadata"]["name"], "gpu-session-metrics-collector")
        self.assertEqual(job["spec"]["schedule"], "*/1 * * * *")
        spec = pod_spec(job)
        self.assertEqual(spec["nodeSelector"], {"accelerator": "nvidia"})
        self.assertNotIn("affinity", spec)
        self.assertIn({"key": "nvidia.com/gpu", "operator": "Exists", "effect": "NoSchedule"}, spec["tolerations"])
        self.assertEqual(spec["containers"][0]["resources"], EXISTING["gpu-session-monitoring.collection.resources"])

    def test_off_is_off(self):
        for path in ("enabled", "gpu-session-monitoring.enabled"):
            self.assertEqual(render({**VALUES["everything"], path: False}), [])


class Subchart(unittest.TestCase):
    """The chart as a dependency of another, by its name and with the condition users have."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.parent = pathlib.Path(cls.folder.name, "parent")
        name = CHART_FILE["name"]
        dependency = {"name": name, "version": CHART_FILE["version"], "repository": f"file://{CHART}", "condition": f"{name}.enabled"}
        write_chart(cls.parent, "parent", [dependency], {name: {"enabled": False}, "global": {"imageRegistry": "x"}})
        helm("dependency", "build", str(cls.parent))

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def parts(self, *arguments):
        return [entry for entry in yaml.safe_load_all(run_helm(*arguments, chart=self.parent)) if entry]

    def test_the_condition_switches_it(self):
        self.assertEqual(self.parts(), [])
        self.assertEqual(self.parts("--set", "gpu-session-monitoring.enabled=true"), render({"global.imageRegistry": "x"}))

    def test_values_reach_it(self):
        set_nodes = ("--set", "gpu-session-monitoring.enabled=true", "--set", "gpu-session-monitoring.collection.nodes={a,b}")
        self.assertEqual(self.parts(*set_nodes), render({"collection.nodes": ["a", "b"], "global.imageRegistry": "x"}))

    def test_its_schema_judges_them(self):
        with self.assertRaisesRegex(Exception, "Additional property colection is not allowed"):
            self.parts("--set", "gpu-session-monitoring.enabled=true", "--set", "gpu-session-monitoring.colection=1")


if __name__ == "__main__":
    unittest.main()
