"""Every query of the dashboards against a real Prometheus that scraped real node_exporters."""

import contextlib
import subprocess
import sys
import unittest

import clusters
import grafana
from rendering import CHART, ROOT

FORMS = ("exported", "plain")
# These are about age itself: they show what all other panels leave out.
OF_AGE = {"Collectors", "Stale nodes", "Age of the file"}
CORE = {"row", "stat", "table", "timeseries"}


def setUpModule():
    """Three nodes, scraped so that our labels arrive in either form."""
    stack = contextlib.ExitStack()
    unittest.addModuleCleanup(stack.close)
    for form in FORMS:
        # In one form two jobs scrape each node: that is no error, and nothing counts double.
        server = clusters.three_nodes(form == "plain", twice=form == "exported", more=[clusters.namesake])
        Running.servers[form] = stack.enter_context(server)
        Running.dashboards[form] = grafana.dashboards({"prometheus.labels": form, "prometheus.dcgmLabels": form})
    Stale.server = stack.enter_context(clusters.three_nodes(False, age=600, more=[clusters.lost_gpu, clusters.blind]))


class Running(unittest.TestCase):
    servers = {}
    dashboards = {}

    def each(self):
        for form in FORMS:
            for dashboard in self.dashboards[form].values():
                yield form, self.servers[form], dashboard

    def one(self, uid, title, form="exported", letter="A", **chosen):
        """What one query of a panel returns."""
        dashboard = self.dashboards[form][uid]
        (target,) = [t for panel, t in grafana.targets(dashboard) if panel["title"] == title and t["refId"] == letter]
        return grafana.run(self.servers[form], target, grafana.variables(dashboard, **chosen))


class Queries(Running):
    def test_every_panel_has_data_in_both_label_forms(self):
        asked = 0
        for form, server, dashboard in self.each():
            values = grafana.variables(dashboard)
            for panel, target in grafana.targets(dashboard):
                asked += 1
                with self.subTest(form=form, dashboard=dashboard["title"], panel=panel["title"], query=target["refId"]):
                    self.assertTrue(grafana.run(server, target, values), target["expr"])
        self.assertGreater(asked, 100)

    def test_every_variable_has_values_in_both_label_forms(self):
        expected = {
            "cluster": ["east", "west"],
            "node": ["checkpoint-mig:9100", "checkpoint-v2:9100", "defunct-holders"],
            "namespace": ["inference", "ml", "ml-train", "notebooks", "search", "team-a", "team-b"],
        }
        for form, server, dashboard in self.each():
            values = grafana.variables(dashboard)
            queries = [variable for variable in dashboard["templating"]["list"] if variable["type"] == "query"]
            found = {variable["name"]: grafana.choices(server, variable, values) for variable in queries}
            with self.subTest(form=form, dashboard=dashboard["title"]):
                self.assertEqual(found, expected)

    def test_labels_are_the_processes_own_and_not_those_of_node_exporter(self):
        for form, name in (("exported", "exported_namespace"), ("plain", "namespace")):
            found = {labels.get(name, "") for labels, _ in self.one("gpu-sessions", "Who is on what", form)}
            self.assertEqual(found, {"", "inference", "ml", "ml-train", "notebooks", "search", "team-a", "team-b"})

    def test_a_chosen_node_and_namespace_narrow_every_table(self):
        for form, name in (("exported", "exported_namespace"), ("plain", "namespace")):
            for title in ("Who is on what", "By namespace", "Longest running"):
                found = self.one("gpu-sessions", title, form, node=["checkpoint-mig:9100"], namespace=["team-a", "ml"])
                self.assertTrue(found)
                self.assertEqual({labels.get(name) for labels, _ in found}, {"team-a"}, title)

    def test_a_chosen_cluster_leaves_out_the_server_without_one(self):
        found = self.one("gpu-sessions", "Sessions by node", cluster=["east"])
        self.assertEqual({item["metric"]["instance"] for item in found}, {"checkpoint-mig:9100", "checkpoint-v2:9100"})


class Figures(Running):
    """Values that the recorded nodes are known to have."""

    def assert_stats(self, uid, expected):
        for form in FORMS:
            panels = [panel["title"] for panel, _ in grafana.targets(self.dashboards[form][uid]) if panel["type"] == "stat"]
            found = {title: [value for _, value in self.one(uid, title, form)] for title in panels}
            self.assertEqual(found, {title: [value] for title, value in expected.items()}, form)

    def test_the_figures_of_sessions(self):
        self.assert_stats(
            "gpu-sessions",
            {
                "GPU devices": 14, "Sessions": 22, "Devices without a session": 2, "Held but idle": 2, "Stale nodes": 1,
                "Nodes with a failed run": 0,
            },
        )

    def test_the_figures_of_mig(self):
        expected = {"GPUs with MIG on": 1, "GPU instances": 3, "Compute instances": 4, "Without a session": 1}
        self.assert_stats("gpu-sessions-mig", expected)

    def test_sessions_by_namespace(self):
        expected = {"": 5, "inference": 3, "ml": 1, "ml-train": 5, "notebooks": 3, "search": 1, "team-a": 3, "team-b": 1}
        for form, name in (("exported", "exported_namespace"), ("plain", "namespace")):
            found = {}
            for labels, value in self.one("gpu-sessions", "By namespace", form):
                found[labels.get(name, "")] = found.get(labels.get(name, ""), 0) + value
            self.assertEqual(found, expected, form)

    def test_held_but_idle_names_the_pods_that_hold_and_do_nothing(self):
        found = {(labels["exported_pod"], labels["gpu"]) for labels, _ in self.one("gpu-sessions", "Who holds an idle device")}
        self.assertEqual(found, {("idle-0", "0_9_0"), ("jupyter-hana-0", "7")})

    def test_memory_by_user(self):
        found = {labels["user"]: value for labels, value in self.one("gpu-sessions", "By user", letter="B")}
        self.assertEqual(found, {"1001": 1542 * 2**20, "ada": 5048 * 2**20, "ollama": 700 * 2**20})

    def test_utilization_is_weighted_by_the_size_of_the_instances(self):
        title = "Utilization of a GPU: weighted and plain"
        for form in FORMS:
            weighted, plain = (self.one("gpu-sessions-mig", title, form, letter) for letter in "AB")
            self.assertAlmostEqual(float(weighted[0]["values"][-1][1]), 85.0, places=6)
            self.assertAlmostEqual(float(plain[0]["values"][-1][1]), (95 + 70 + 85) / 3, places=6)

    def test_utilization_by_pod_is_in_percent_of_a_whole_gpu(self):
        for form, name in (("exported", "exported_pod"), ("plain", "pod")):
            found = self.one("gpu-sessions-mig", "Weighted utilization by pod", form)
            values = {item["metric"][name]: round(float(item["values"][-1][1]), 3) for item in found}
            self.assertEqual(values, {"resnet-sweep-0": 40.714, "whisper-6c7d8f5b9-q8m2s": 40.714, "notebook-sora": 20.0})


class Stale(unittest.TestCase):
    """The same nodes, one with a lost GPU and one that knows no owners, ten minutes after the last run."""

    server = None

    def test_a_file_that_nobody_writes_any_more_is_shown_only_as_stale(self):
        for dashboard in grafana.dashboards().values():
            values = grafana.variables(dashboard)
            for panel, target in grafana.targets(dashboard):
                with self.subTest(dashboard=dashboard["title"], panel=panel["title"], query=target["refId"]):
                    found = grafana.run(self.server, target, values)
                    self.assertEqual(bool(found), panel["title"] in OF_AGE, found)

    def test_the_limit_is_a_value_of_the_chart(self):
        dashboard = grafana.dashboards({"prometheus.staleAfterSeconds": 900})["gpu-sessions"]
        # The idle pod of the node that knows no owners is not among those that hold and do nothing.
        figures = {"Sessions": 36, "Nodes with a failed run": 1, "Stale nodes": 0, "Held but idle": 2}
        for panel, target in grafana.targets(dashboard):
            if panel["title"] in figures:
                found = grafana.run(self.server, target, grafana.variables(dashboard))
                self.assertEqual(found, [({}, figures[panel["title"]])], panel["title"])


class Files(unittest.TestCase):
    def test_the_files_are_what_their_source_makes(self):
        result = subprocess.run([sys.executable, str(ROOT / "Tests/Tools/dashboards")], capture_output=True, text=True)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)

    def test_grafana_alone_can_show_them(self):
        for dashboard in grafana.dashboards().values():
            self.assertLessEqual({panel["type"] for panel in dashboard["panels"]}, CORE)
            self.assertTrue(all(target["datasource"]["uid"] == "${datasource}" for _, target in grafana.targets(dashboard)))
            self.assertTrue(all(panel["description"] for panel, _ in grafana.targets(dashboard)))

    def test_titles_are_unique(self):
        for dashboard in grafana.dashboards().values():
            titles = [panel["title"] for panel in dashboard["panels"]]
            self.assertEqual(len(titles), len(set(titles)))

    def test_no_panel_overlaps_another(self):
        for dashboard in grafana.dashboards().values():
            taken = [
                (x, y)
                for box in (panel["gridPos"] for panel in dashboard["panels"])
                for x in range(box["x"], box["x"] + box["w"])
                for y in range(box["y"], box["y"] + box["h"])
            ]
            self.assertEqual(len(taken), len(set(taken)))
            self.assertLess(max(x for x, _ in taken), 24)

    def test_every_file_is_in_a_config_map_that_the_sidecar_finds(self):
        self.assertEqual(len(grafana.dashboards()), len(list((CHART / "dashboards").glob("*.json"))))

    def test_switched_off_there_is_none(self):
        self.assertEqual(grafana.dashboards({"dashboards.enabled": False}), {})


if __name__ == "__main__":
    unittest.main()
