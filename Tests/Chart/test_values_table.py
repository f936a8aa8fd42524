"""The pages of the chart: their tables, their links, and that every value has its line."""

import re
import unittest

import yaml

from combinations import PRESETS
from rendering import CHART, ROOT
from values_table import PAGES, README, VALUES, documented, filled, metrics, table


def leaves(values, at=""):
    for key, value in values.items():
        path = f"{at}.{key}".lstrip(".")
        yield from leaves(value, path) if isinstance(value, dict) and value else [path]


class Table(unittest.TestCase):
    def test_the_pages_have_them(self):
        for block, contents in (("values", table()), ("metrics", metrics())):
            self.assertEqual(PAGES[block].read_text(), filled(block, contents), "run Tests/Chart/values_table.py --write")

    def test_every_value_is_explained(self):
        explained = [path for path, _ in documented(VALUES.read_text())]
        self.assertEqual(len(explained), len(set(explained)))
        for path in leaves(yaml.safe_load(VALUES.read_text())):
            with self.subTest(path):
                self.assertTrue(any(path == entry or path.startswith(entry + ".") for entry in explained))

    def test_comments_of_several_lines_and_groups(self):
        text = "# -- One\n# two.\na:\n  # Not this.\n  b: 1\nc:\n  # -- Three.\n  d: [x]\n"
        self.assertEqual(list(documented(text)), [("a", "One two."), ("c.d", "Three.")])
        self.assertIn('| `c.d` | `["x"]` | Three. |', table(text))

    def test_no_cell_has_a_bar(self):
        for row in table().splitlines():
            self.assertEqual(row.count("|"), 4, row)

    def test_every_preset_is_listed(self):
        readme = README.read_text()
        for name in PRESETS:
            self.assertIn(f"(presets/{name}.yaml)", readme)


class Package(unittest.TestCase):
    def test_no_link_leaves_it(self):
        for page in sorted(CHART.glob("*.md")):
            for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text()):
                with self.subTest(page.name, target=target):
                    self.assertTrue((page.parent / target).resolve().is_relative_to(CHART.resolve()) or "://" in target)
                    self.assertTrue("://" in target or (page.parent / target).exists())

    def test_it_has_its_licence(self):
        self.assertEqual((CHART / "LICENSE").read_bytes(), (ROOT / "LICENSE").read_bytes())


class ChartFile(unittest.TestCase):
    def test_it_has_a_picture(self):
        self.assertTrue(yaml.safe_load((CHART / "Chart.yaml").read_text())["icon"].startswith("data:image/svg+xml;base64,"))

    def test_annotations_of_artifact_hub(self):
        chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
        found = {key.removeprefix("artifacthub.io/") for key in chart["annotations"]}
        self.assertLessEqual({"category", "license", "changes", "containsSecurityUpdates", "prerelease", "images", "links"}, found)
        for key in ("changes", "images", "links"):
            self.assertIsInstance(yaml.safe_load(chart["annotations"][f"artifacthub.io/{key}"]), list)
        self.assertEqual(yaml.safe_load(chart["annotations"]["artifacthub.io/images"])[0]["image"].split(":")[-1], str(chart["appVersion"]))


if __name__ == "__main__":
    unittest.main()
