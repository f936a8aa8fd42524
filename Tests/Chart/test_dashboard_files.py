"""The dashboards as files: what Grafana's own types say of them, and what the chart makes of them."""

import copy
import json
import subprocess
import sys
import unittest

import grafana
import grafana_types
import watched
from rendering import CHART, ROOT

SOURCE = ROOT / "Tests" / "Tools" / "dashboards"
CORE = {"row", "stat", "table", "timeseries"}
FILES = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in (CHART / "dashboards").glob("*.json")}


def changed(dashboard, change):
    """A copy of the dashboard with a change to its first table."""
    other = copy.deepcopy(dashboard)
    change(next(panel for panel in grafana.panels(other) if panel["type"] == "table"))
    return other


class Types(unittest.TestCase):
    def test_grafanas_types_have_nothing_against_them(self):
        for name, dashboard in FILES.items():
            self.assertEqual(grafana_types.complaints(dashboard), [], name)

    def test_they_would_say_so(self):
        def width(panel):
            panel["fieldConfig"]["overrides"][0]["properties"].append({"id": "custom.widht", "value": 3})

        wrong = {
            "a key": lambda panel: panel["options"].update(showHeaders=True),
            "a number for a text": lambda panel: panel.update(title=3),
            "a text for a number": lambda panel: panel["gridPos"].update(w="3"),
            "a word that is none": lambda panel: panel["fieldConfig"]["defaults"].update(thresholds={"mode": "relative", "steps": []}),
            "a property of an override": width,
            "a key of a transformation": lambda panel: panel["transformations"][0].update(option={}),
        }
        for name, change in wrong.items():
            self.assertEqual(len(grafana_types.complaints(changed(FILES["gpu-sessions.json"], change))), 1, name)


class Files(unittest.TestCase):
    def test_the_files_are_what_their_source_makes(self):
        result = subprocess.run([sys.executable, str(SOURCE)], capture_output=True, text=True)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)

    def test_grafana_alone_can_show_them(self):
        for dashboard in grafana.dashboards().values():
            self.assertLessEqual({panel["type"] for panel in grafana.panels(dashboard)}, CORE)
            self.assertTrue(all(target["datasource"]["uid"] == "${datasource}" for _, target in grafana.targets(dashboard)))
            self.assertTrue(all(panel["description"] for panel, _ in grafana.targets(dashboard)))

    def test_titles_and_numbers_are_unique(self):
        for dashboard in grafana.dashboards().values():
            for key in ("title", "id"):
                found = [panel[key] for panel in grafana.panels(dashboard)]
                self.assertEqual(len(found), len(set(found)), key)

    def test_no_panel_overlaps_another(self):
        for dashboard in grafana.dashboards().values():
            for panels in (dashboard["panels"], *(panel["panels"] for panel in dashboard["panels"] if panel.get("panels"))):
                taken = [
                    (x, y)
                    for box in (panel["gridPos"] for panel in panels)
                    for x in range(box["x"], box["x"] + box["w"])
                    for y in range(box["y"], box["y"] + box["h"])
                ]
                self.assertEqual(len(taken), len(set(taken)))
                self.assertLess(max(x for x, _ in taken), 24)

    def test_who_opens_one_asks_little(self):
        for dashboard in grafana.dashboards().values():
            shown = [panel for panel in dashboard["panels"] if panel["type"] != "row"]
            self.assertLess(sum(len(panel["targets"]) for panel in shown), 30, dashboard["title"])

    def test_a_text_box_is_for_the_price_alone(self):
        for dashboard in grafana.dashboards().values():
            boxes = [variable["name"] for variable in dashboard["templating"]["list"] if variable["type"] == "textbox"]
            self.assertEqual(boxes, ["price"])

    def test_every_alert_of_the_chart_is_among_those_shown(self):
        sys.path.insert(0, str(SOURCE))
        self.addCleanup(sys.path.remove, str(SOURCE))
        import queries

        self.assertEqual(sorted(queries.ALERTS), sorted(watched.alerts()))

    def test_a_link_gives_only_variables_that_its_dashboard_has(self):
        known = {name: {item["name"] for item in board["templating"]["list"]} for name, board in grafana.dashboards().items()}
        links = [link for board in FILES.values() for panel in grafana.panels(board) for link in links_of(panel)]
        self.assertGreater(len(links), 10)
        for link in links:
            _, _, uid = link["url"].partition("?")[0].rpartition("/")
            given = {item.split("=")[0].removeprefix("var-") for item in link["url"].partition("?")[2].split("&") if item.startswith("var-")}
            self.assertTrue(given and given <= known[uid], link)


def links_of(panel):
    """The data links of a panel, those of its columns too."""
    config = panel.get("fieldConfig", {"defaults": {}, "overrides": []})
    found = [item["value"] for override in config["overrides"] for item in override["properties"] if item["id"] == "links"]
    return [link for links in (config["defaults"].get("links", []), *found) for link in links]


class Chart(unittest.TestCase):
    def test_every_file_is_in_a_config_map_that_the_sidecar_finds(self):
        self.assertEqual(len(grafana.dashboards()), len(FILES))

    def test_switched_off_there_is_none(self):
        self.assertEqual(grafana.dashboards({"dashboards.enabled": False}), {})

    def test_without_values_they_are_the_files(self):
        self.assertEqual(grafana.dashboards(), {board["uid"]: board for board in FILES.values()})

    def test_the_price_is_a_value(self):
        for dashboard in grafana.dashboards({"dashboards.pricePerGPUHour": 2.5}).values():
            (price,) = [variable for variable in dashboard["templating"]["list"] if variable["name"] == "price"]
            self.assertEqual(price["current"]["value"], "2.5")

    def test_the_label_of_the_cluster_is_a_value_and_no_word_of_a_text_changes(self):
        other = grafana.dashboards({"prometheus.clusterLabel": "site"})
        for uid, dashboard in grafana.dashboards().items():
            text = json.dumps(other[uid])
            self.assertNotRegex(text, r"\bcluster\b(?!:gpu)")
            for panel, changed_panel in zip(grafana.panels(dashboard), grafana.panels(other[uid]), strict=True):
                self.assertEqual([panel[key] for key in ("title", "description") if key in panel],
                                 [changed_panel[key] for key in ("title", "description") if key in changed_panel])
            self.assertEqual(json.loads(text.replace("site", "cluster")), dashboard)


if __name__ == "__main__":
    unittest.main()
