"""Every query of the dashboards against a real Prometheus that scraped real node_exporters and evaluates the chart's rules."""

import contextlib
import unittest

import clusters
import grafana
import watched

FORMS = ("exported", "plain")
# These are about age itself: they show what all other panels leave out.
OF_AGE = {"Collectors", "Stale nodes", "Age of the file"}
# Alerts speak of what is stale too.
OF_ALERTS = {"Alerts firing", "Firing alerts", "Alerts"}
NAMESPACES = {"inference", "ml", "ml-train", "notebooks", "search", "team-a", "team-b"}
# A pod that is idle on a whole GPU, one on MIG, and one that held something some minutes ago.
PODS = [
    {"namespace": "inference", "pod": "vllm-llama3-8b-7d9c5b6f4-x2kqp"},
    {"namespace": "team-b", "pod": "whisper-6c7d8f5b9-q8m2s"},
    {"namespace": "earlier-pods", "pod": "earlier-0"},
]
VLLM = PODS[0]


def setUpModule():
    """Three nodes, scraped so that our labels arrive in either form."""
    stack = contextlib.ExitStack()
    unittest.addModuleCleanup(stack.close)
    more = [clusters.namesake, watched.recorded_beside]
    for form in FORMS:
        # In one form two jobs scrape each node: that is no error, and nothing counts double.
        server = clusters.three_nodes(form == "plain", twice=form == "exported", more=more, groups=watched.rules())
        Running.servers[form] = stack.enter_context(server)
    Running.dashboards = grafana.dashboards({"dashboards.pricePerGPUHour": 2.5})
    more = [clusters.lost_gpu, clusters.blind]
    Stale.server = stack.enter_context(clusters.three_nodes(False, age=600, more=more, groups=watched.rules(waiting=True)))
    for server in Running.servers.values():
        watched.wait(server, 'ALERTS_FOR_STATE{alertname="GPUAllocatedButIdle",node="checkpoint-mig"}')
        # The steps by which lines are ranked are every ten seconds.
        watched.wait(server, 'last_over_time((ALERTS{alertname="GPUHeldWithoutWork"} and on () pod:gpu_mig_utilization:weighted)[1m:10s])')
    watched.wait(Stale.server, "count(last_over_time(instance:gpu_collector_age:seconds[1m:10s])) == 5")


class Running(unittest.TestCase):
    servers = {}
    dashboards = {}

    def each(self):
        for form in FORMS:
            for dashboard in self.dashboards.values():
                yield form, self.servers[form], dashboard

    def one(self, uid, title, form="exported", letter="A", **chosen):
        """What one query of a panel returns."""
        dashboard = self.dashboards[uid]
        (target,) = [t for panel, t in grafana.targets(dashboard) if panel["title"] == title and t["refId"] == letter]
        return grafana.run(self.servers[form], target, grafana.variables(self.servers[form], dashboard, **chosen))

    def figures(self, title, letter="A", uid="gpu-sessions", labels=("namespace",), **more):
        """What one query of a table returns, by these labels."""
        return {tuple(found.get(name, "") for name in labels): value for found, value in self.one(uid, title, letter=letter, **more)}


def chosen_for(dashboard):
    """What somebody chooses in turn: everything, or one pod after the other."""
    return PODS if dashboard["uid"] == "gpu-sessions-pod" else [{}]


class Queries(Running):
    def test_every_panel_has_data_in_both_label_forms(self):
        asked = 0
        for form, server, dashboard in self.each():
            choices = [grafana.variables(server, dashboard, **chosen) for chosen in chosen_for(dashboard)]
            for panel, target in grafana.targets(dashboard):
                asked += 1
                with self.subTest(form=form, dashboard=dashboard["title"], panel=panel["title"], query=target["refId"]):
                    self.assertTrue(any([grafana.run(server, target, values) for values in choices]), target["expr"])
        self.assertGreater(asked, 200)

    def test_both_label_forms_show_the_same_sessions_and_holders(self):
        for title in ("Who is on what", "Who holds GPUs and does nothing with them", "Sessions and memory, by namespace"):
            exported, plain = (self.one("gpu-sessions", title, form) for form in FORMS)
            self.assertEqual(*(sorted(str(item) for item in found) for found in (exported, plain)), title)

    def test_every_variable_has_values(self):
        expected = {
            "cluster": ["east", "west"],
            "node": ["checkpoint-mig", "checkpoint-v2", "defunct-holders"],
            "namespace": sorted(NAMESPACES),
            "instance": ["checkpoint-v2:9100"],
            "pod": ["vllm-llama3-8b-7d9c5b6f4-x2kqp", "sglang-qwen-5f8d7b9c66-tr4zn"],
        }
        for form, server, dashboard in self.each():
            values = grafana.variables(server, dashboard, **VLLM)
            queries = [variable for variable in dashboard["templating"]["list"] if variable["type"] == "query"]
            for variable in queries:
                with self.subTest(form=form, dashboard=dashboard["title"], variable=variable["name"]):
                    self.assertEqual(grafana.choices(server, variable, values), sorted(expected[variable["name"]]))

    def test_labels_are_the_processes_own_and_not_those_of_node_exporter(self):
        for form in FORMS:
            found = {labels.get("namespace", "") for labels, _ in self.one("gpu-sessions", "Who is on what", form)}
            self.assertEqual(found, {"", *NAMESPACES})

    def test_a_chosen_node_and_namespace_narrow_every_table(self):
        for form in FORMS:
            for title in ("Who is on what", "Sessions and memory, by namespace", "Longest running"):
                found = self.one("gpu-sessions", title, form, node=["checkpoint-mig"], namespace=["team-a", "ml"])
                self.assertTrue(found)
                self.assertEqual({labels["namespace"] for labels, _ in found}, {"team-a"}, title)

    def test_a_chosen_cluster_leaves_out_the_server_without_one(self):
        found = {labels["node"] for labels, _ in self.one("gpu-sessions", "Nodes", cluster=["east"])}
        self.assertEqual(found, {"checkpoint-mig", "checkpoint-v2"})


class Figures(Running):
    """Values that the recorded nodes are known to have."""

    def assert_stats(self, uid, expected, left_out=()):
        for form in FORMS:
            panels = [panel["title"] for panel, _ in grafana.targets(self.dashboards[uid]) if panel["type"] == "stat"]
            panels = [title for title in panels if title not in left_out]
            found = {title: [round(value, 3) for _, value in self.one(uid, title, form)] for title in panels}
            self.assertEqual(found, {title: [value] for title, value in expected.items()}, form)

    def test_the_figures_of_sessions(self):
        self.assert_stats(
            "gpu-sessions",
            {
                "GPUs that can be read": 11, "GPUs that cannot be read": 0, "GPUs that need a recovery": 1,
                "GPU devices": 14, "Sessions": 22, "Devices without a session": 2, "Held without a process": 2, "Held without work": 1,
                "Idle GPUs": 2.143, "Idle GPUs cost an hour": 5.357, "Stale nodes": 1, "Nodes with a failed run": 0,
            },
            left_out=["Alerts firing"],
        )

    def test_every_alert_that_fires_is_counted_and_named(self):
        for form in FORMS:
            fired = {labels["alertname"] for labels, _ in self.servers[form].query('ALERTS{alertstate="firing"}')}
            self.assertGreater(len(fired), 3)
            self.assertEqual({labels["alertname"] for labels, _ in self.one("gpu-sessions", "Firing alerts", form)}, fired)
            ((_, counted),) = self.one("gpu-sessions", "Alerts firing", form)
            self.assertGreaterEqual(counted, len(fired))

    def test_the_figures_of_mig(self):
        expected = {"GPUs with MIG on": 1, "GPU instances": 3, "Compute instances": 4, "Without a session": 1}
        self.assert_stats("gpu-sessions-mig", expected)

    def test_the_figures_of_a_pod(self):
        for title, expected in (("GPUs held", 1), ("Sessions", 2), ("Idle", 1)):
            self.assertEqual(self.one("gpu-sessions-pod", title, **VLLM), [({}, expected)], title)
        (weighted,) = self.one("gpu-sessions-pod", "Utilization on MIG", **PODS[1])
        self.assertAlmostEqual(weighted[1], 95.0, places=6)

    def test_idle_holders_are_named_with_the_reason_and_since_when(self):
        title, labels = "Who holds GPUs and does nothing with them", ("why", "node", "gpu", "pod")
        shares, seconds, costs = (self.figures(title, letter, labels=labels) for letter in "ABC")
        idle, sleeping = ("no process", "checkpoint-v2", "7", "jupyter-hana-0"), ("no work for an hour", "checkpoint-v2", "2", VLLM["pod"])
        on_mig = ("no process", "checkpoint-mig", "0_9_0", "idle-0")
        self.assertEqual({key: round(value, 3) for key, value in shares.items()}, {idle: 1, sleeping: 1, on_mig: 0.143})
        self.assertEqual({key: round(value, 3) for key, value in costs.items()}, {idle: 2.5, sleeping: 2.5, on_mig: 0.357})
        self.assertEqual(seconds.keys(), shares.keys())
        # The alerts began in this test; what did nothing for an hour began an hour before.
        self.assertEqual({key: value // 3600 for key, value in seconds.items()}, {idle: 0, sleeping: 1, on_mig: 0})

    def test_the_holders_are_those_that_the_alerts_are_of(self):
        for alert, why in (("GPUAllocatedButIdle", "no process"), ("GPUHeldWithoutWork", "no work for an hour")):
            fired = {found["pod"] for found, _ in self.servers["plain"].query(f'ALERTS{{alertname="{alert}"}}')}
            shown = self.figures("Who holds GPUs and does nothing with them", labels=("why", "pod"))
            self.assertEqual({pod for reason, pod in shown if reason == why}, fired)

    def test_hours_and_cost(self):
        hours, cost, idle, idle_cost, used = (self.figures("By namespace", letter)[("earlier",)] for letter in "ABCDE")
        # Four GPUs, one of them idle, for the one or two full minutes that are in the time shown.
        self.assertIn(round(hours * 60), (4, 8))
        self.assertAlmostEqual(cost, 2.5 * hours)
        self.assertAlmostEqual(idle, hours / 4)
        self.assertAlmostEqual(idle_cost, cost / 4)
        self.assertAlmostEqual(used, 0.75)
        (of_pod,) = self.one("gpu-sessions-pod", "GPU-hours", **PODS[2])
        self.assertIn(round(of_pod[1] * 120), (1, 2))

    def test_sessions_by_namespace(self):
        expected = {"": 5, "inference": 3, "ml": 1, "ml-train": 5, "notebooks": 3, "search": 1, "team-a": 3, "team-b": 1}
        for form in FORMS:
            found = {}
            for labels, value in self.one("gpu-sessions", "Sessions and memory, by namespace", form):
                found[labels.get("namespace", "")] = found.get(labels.get("namespace", ""), 0) + value
            self.assertEqual(found, expected, form)

    def test_memory_by_user(self):
        found = self.figures("Sessions and memory, by user", "B", labels=("user",))
        self.assertEqual(found, {("1001",): 1542 * 2**20, ("ada",): 5048 * 2**20, ("ollama",): 700 * 2**20})

    def test_what_the_driver_says_of_a_gpu(self):
        actions = self.figures("GPUs", "C", labels=("node", "gpu", "action"))
        self.assertEqual(set(actions), {("checkpoint-v2", "0", "None"), ("checkpoint-v2", "7", "Drain and Reset")})
        self.assertEqual(self.figures("GPUs", "E", labels=("gpu",)), {("7",): 1, ("2",): 0})
        for letter, family, whole in (("F", "memory_used_bytes", "memory_total_bytes"), ("I", "power_watts", "power_limit_watts")):
            expected = self.servers["exported"].query(f'max by (gpu) (100 * gpu_{family}{{instance="checkpoint-v2:9100"}} / gpu_{whole})')
            found = self.figures("GPUs", letter, labels=("node", "gpu"))
            self.assertEqual({gpu: value for (node, gpu), value in found.items() if node == "checkpoint-v2"},
                             {labels["gpu"]: value for labels, value in expected})


class Stale(unittest.TestCase):
    """The same nodes, one with a lost GPU and one that knows no owners, ten minutes after the last run."""

    server = None

    def test_a_file_that_nobody_writes_any_more_is_shown_only_as_stale(self):
        for dashboard in grafana.dashboards().values():
            values = grafana.variables(self.server, dashboard, **VLLM)
            for panel, target in grafana.targets(dashboard):
                if panel["title"] not in OF_ALERTS:
                    with self.subTest(dashboard=dashboard["title"], panel=panel["title"], query=target["refId"]):
                        found = grafana.run(self.server, target, values)
                        self.assertEqual(bool(found), panel["title"] in OF_AGE, found)

    def test_no_alert_fires_and_that_is_known(self):
        dashboard = grafana.dashboards()["gpu-sessions"]
        (target,) = [target for panel, target in grafana.targets(dashboard) if panel["title"] == "Alerts firing"]
        self.assertEqual(grafana.run(self.server, target, grafana.variables(self.server, dashboard)), [({}, 0)])

    def test_the_limit_is_a_value_of_the_chart(self):
        dashboard = grafana.dashboards({"prometheus.staleAfterSeconds": 900})["gpu-sessions"]
        figures = {"Devices without a session": 4, "Nodes with a failed run": 1, "Stale nodes": 0}
        for panel, target in grafana.targets(dashboard):
            if panel["title"] in figures:
                found = grafana.run(self.server, target, grafana.variables(self.server, dashboard))
                self.assertEqual(found, [({}, figures[panel["title"]])], panel["title"])


if __name__ == "__main__":
    unittest.main()
