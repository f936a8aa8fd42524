"""The dashboards of many nodes: how much a panel asks for is bounded, whatever the size of the fleet; and weighted utilization."""

import contextlib
import re
import time
import unittest

import grafana
import watched
from monitoring import job, prometheus, static_page
from rendering import ROOT
from rulecases.mig import EXAMPLES

WHOLE, MIG = 200, 60
LIMIT = {"stat": 1, "table": 200, "timeseries": 20}
UNIQUE = re.compile(r"\b[0-9a-f]{8}(?=-[0-9a-f]{4}-)")
SAMPLE = re.compile(r"^(\w+)(?:\{(.*)\})? (\S+)$")
POD = {"namespace": "inference-3", "pod": "vllm-llama3-8b-7d9c5b6f4-x2kqp-3"}


def setUpModule():
    """All nodes are on one page, which is scraped and evaluated less often than the few nodes of other tests."""
    stack = contextlib.ExitStack()
    unittest.addModuleCleanup(stack.close)
    page = "\n".join([*fleet(), *examples()]) + "\n"
    scrape = job("fleet", stack.enter_context(static_page(page)), {}, honor_labels=True, scrape_interval="30s", scrape_timeout="20s")
    groups = [{**group, "interval": "15s"} for group in watched.rules()]
    Fleet.server = stack.enter_context(prometheus([scrape], groups))
    Fleet.dashboards = grafana.dashboards()
    for recorded in ("pod:gpu_mig_utilization:weighted", "gpu:held_idle:replicas", 'ALERTS{alertname="LongRunningGPUProcess"}'):
        watched.wait(Fleet.server, f"last_over_time(({recorded})[1m:10s])", seconds=240)


def fleet():
    """Nodes with eight GPUs, nodes with MIG, each with processes, pods and GPUs of its own, and what newer drivers say of them."""
    now = time.time()
    for fixture, count in (("checkpoint-v2", WHOLE), ("checkpoint-mig", MIG)):
        text = (ROOT / "Fixtures" / "nodes" / fixture / "expected.prom").read_text(encoding="utf-8")
        samples = [SAMPLE.match(line).groups() for line in text.splitlines() if not line.startswith("#")]
        for number in range(count):
            where = {"cluster": "east", "instance": f"{fixture}-{number}:9100", "node": f"{fixture}-{number}"}
            yield watched.line("node_time_seconds", now, where)
            for family, labels, value in samples:
                yield from node_sample(family, own(labels or "", number), now if family.endswith("timestamp_seconds") else value, where)


def own(labels, number):
    """The labels of a recorded node as those of this one."""
    labels = UNIQUE.sub(lambda match: f"{number:04x}{match[0][4:]}", labels)
    labels = re.sub(r'\bpod="([^"]+)"', rf'pod="\1-{number}"', labels)
    return re.sub(r'\bnamespace="([^"]+)"', rf'namespace="\1-{number % 40}"', labels)


def node_sample(family, labels, value, where):
    named = ",".join(filter(None, [labels, *(f'{name}="{text}"' for name, text in where.items())]))
    yield f"{family}{{{named}}} {value}"
    more = {
        "gpu_info": ("gpu_clocks_idle",), "gpu_process_utilization": ("gpu_process_encoder_utilization", "gpu_process_decoder_utilization"),
        "gpu_mig_info": ("gpu_mig_utilization", "gpu_mig_sm_utilization", "gpu_mig_memory_bandwidth_utilization"),
    }
    for other in more.get(family, ()):
        yield f"{other}{{{named}}} 1"
    if family == "gpu_info":
        yield f'gpu_recovery_action{{{named},action="None"}} 1'


def examples():
    """A node with one GPU for each worked example of weighted utilization, by the collector's own figures and by DCGM's."""
    now = time.time()
    for source in ("own", "dcgm"):
        for number, (layout, percents, weighted, _) in enumerate(EXAMPLES.values()):
            where = {"cluster": source, "instance": f"{number}", "node": f"{weighted}"}
            yield watched.line("node_time_seconds", now, where)
            yield watched.line("gpu_session_collector_last_run_timestamp_seconds", now, where)
            yield watched.line("gpu_info", 1, where, gpu="0", uuid=f"GPU-{number}", mig_mode="Enabled")
            for instance, (slices, parts) in layout.items():
                gpu = {"gpu_uuid": f"GPU-{number}", "gpu_instance_id": instance}
                yield watched.line("gpu_instance_compute_fraction", slices / 7, where, gpu)
                if source == "dcgm":
                    more = {"UUID": f"GPU-{number}", "GPU_I_ID": instance, "cluster": source}
                    yield watched.line("DCGM_FI_PROF_GR_ENGINE_ACTIVE", percents[instance] / 100, more)
                for at, (part, _) in enumerate(parts):
                    device = {**gpu, "gpu": f"0_{instance}_{at}"}
                    yield watched.line("gpu_mig_info", 1, where, device, compute_instance_id=f"{at}", profile=f"{part}c.{slices}g")
                    yield watched.line("gpu_compute_fraction", part / 7, where, device)
                    if source == "own":
                        yield watched.line("gpu_mig_utilization", percents[instance], where, device)


class Fleet(unittest.TestCase):
    server = None
    dashboards = {}

    def each(self):
        for dashboard in self.dashboards.values():
            values = grafana.variables(self.server, dashboard, **(POD if dashboard["uid"] == "gpu-sessions-pod" else {}))
            for panel, target in grafana.targets(dashboard):
                yield dashboard, panel, target, values

    def test_the_fleet_is_as_large_as_it_says(self):
        (counted,) = self.server.query("sum(instance:gpus:count)")
        self.assertEqual(counted[1], 8 * WHOLE + 2 * MIG)

    def test_no_panel_asks_for_more_series_than_it_can_show(self):
        full = set()
        for dashboard, panel, target, values in self.each():
            with self.subTest(dashboard=dashboard["title"], panel=panel["title"], query=target["refId"]):
                found = len(grafana.run(self.server, target, values))
                self.assertLessEqual(found, LIMIT[panel["type"]])
                if found == LIMIT[panel["type"]]:
                    full.add((dashboard["uid"], panel["title"]))
        # Without a limit these would show more.
        self.assertLessEqual({("gpu-sessions", "Who is on what"), ("gpu-sessions", "Memory by pod"), ("gpu-sessions", "Nodes"),
                              ("gpu-sessions-mig", "Layout"), ("gpu-sessions-mig", "Memory of instances")}, full)

    def test_all_columns_of_a_row_are_of_the_same_things(self):
        """Else a row would be half empty though all of it is known."""
        for uid, title, letters, labels in (
            ("gpu-sessions", "GPUs", "ABCEFHI", ("node", "gpu")),
            ("gpu-sessions", "Who is on what", "AB", ("node", "gpu", "pid")),
            ("gpu-sessions", "Nodes", "ACDGH", ("node",)),
        ):
            rows = []
            for dashboard, panel, target, values in self.each():
                if (dashboard["uid"], panel["title"]) == (uid, title) and target["refId"] in letters:
                    rows.append({tuple(found.get(name) for name in labels) for found, _ in grafana.run(self.server, target, values)})
            self.assertEqual(len(rows), len(letters))
            self.assertTrue(all(row == rows[0] for row in rows), [len(row) for row in rows])

    def test_the_worked_examples_of_weighted_utilization(self):
        dashboard = self.dashboards["gpu-sessions-mig"]
        for source in ("own", "dcgm"):
            values = grafana.variables(self.server, dashboard, cluster=[source])
            for title, letter in (("GPUs", "A"), ("Utilization of GPUs", "A")):
                (target,) = [t for panel, t in grafana.targets(dashboard) if panel["title"] == title and t["refId"] == letter]
                answer = grafana.run(self.server, {**target, "instant": True}, values)
                found = {labels["node"]: round(value, 6) for labels, value in answer}
                self.assertEqual(found, {"72.5": 72.5, "72.0": 72.0, "85.0": 85.0}, (source, title))


if __name__ == "__main__":
    unittest.main()
