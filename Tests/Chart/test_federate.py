"""`show --from` reads what a real Prometheus' /federate says of several nodes as it reads the nodes' own pages."""

import contextlib
import json
import os
import subprocess
import unittest
import urllib.parse

from monitoring import job, page, prometheus, static_page
from rendering import ROOT

from node_exporter import OPENER

EXECUTABLE = os.environ.get("GPU_SESSIONS", str(ROOT / ".build/release/gpu-sessions"))
NODES = ("h100x8-containerd", "h100-mig-mixed", "defunct-holders", "slurm-v2", "mps", "odd-names", "driver-down", "checkpoint-v2")
# What Prometheus' operator adds to the target that node-exporter's pod is.
POD = {"pod": "kps-prometheus-node-exporter-x2kqp", "namespace": "ml-train", "container": "node-exporter", "endpoint": "http"}
FORMS = {"renamed": (POD, {}), "honoured": (POD, {"honor_labels": True}), "plain": ({}, {})}
OURS = '{__name__=~"gpu_.*"}'


def show(text, *options):
    """The object, and what is said on stderr."""
    done = subprocess.run(
        [EXECUTABLE, "show", "--from", "-", "--json", *options], input=text.encode(), capture_output=True, check=False)
    return json.loads(done.stdout), done.stderr.decode()


def facts(node):
    """All that an object says of a node, its age and its cluster apart."""
    kept = {key: value for key, value in node.items() if key not in ("age_seconds", "cluster")}
    kept["collector"] = kept["collector"] | {"last_run_timestamp_seconds": None}
    return kept


class FederateTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.pages = {node: page(node, 20) for node in NODES}
        with contextlib.ExitStack() as stack:
            jobs = []
            for node, text in cls.pages.items():
                address = stack.enter_context(static_page(text))
                jobs += [
                    job(f"{form}-{node}", address, {"cluster": form, **labels}, **more)
                    for form, (labels, more) in FORMS.items()]
            server = stack.enter_context(prometheus(jobs))
            server.ask("query", query="up")
            query = urllib.parse.urlencode({"match[]": OURS})
            with OPENER.open(f"http://{server.address}/federate?{query}", timeout=30) as answer:
                cls.federated = answer.read().decode()

    def test_every_form_of_labels_says_what_the_node_says(self):
        shown, errors = show(self.federated)
        self.assertEqual(shown["unreadable_lines"], 0, errors)
        expected = [(form, node) for form in sorted(FORMS) for node in sorted(NODES)]
        self.assertEqual([(node["cluster"], node["node"]) for node in shown["nodes"]], expected)
        for node in shown["nodes"]:
            with self.subTest(form=node["cluster"], node=node["node"]):
                own = show(self.pages[node["node"]])[0]["nodes"][0]
                self.assertEqual(facts(node), facts(own))
                self.assertIs(node["stale"], False)

    def test_the_forms_are_what_they_are_called(self):
        lines = [line for line in self.federated.splitlines() if line.startswith("gpu_process_info{")]
        for form, has_renamed in (("renamed", True), ("honoured", False), ("plain", False)):
            own = [line for line in lines if f'cluster="{form}"' in line]
            self.assertEqual(any("exported_pod=" in line for line in own), has_renamed, form)
        self.assertTrue(all(line.rsplit(" ", 1)[1].isdigit() for line in lines), "each sample has a timestamp")


if __name__ == "__main__":
    unittest.main()
