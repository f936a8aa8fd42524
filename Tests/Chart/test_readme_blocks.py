"""The commands of the README's part on Kubernetes, run with the real helm on a cluster of a few objects: they install what
Prometheus and Grafana of the stack find, in the namespace that they label, and name objects that there are."""

import re
import shlex
import unittest

import yaml
from fake_cluster import FakeCluster, namespace, node, runtime_class, running
from rendering import ROOT, collector, helm, of_kind

GPU = {"nvidia.com/gpu.present": "true"}
K3S = running("containerd://1.7.20-k3s1", "v1.30.3+k3s1")
PRIVILEGED = {"pod-security.kubernetes.io/enforce": "privileged"}


def commands():
    """The commands of the part's blocks, as lists of words."""
    text = (ROOT / "README.md").read_text(encoding="utf-8").split("\n## Run it in Kubernetes\n")[1].split("\n## ")[0]
    blocks = "".join(re.findall(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)).replace("\\\n", " ")
    return [shlex.split(line, comments=True) for line in blocks.splitlines()]


def given(command, option):
    """The values of an option of a command."""
    return [command[index + 1] for index, word in enumerate(command) if word == option]


def installed(command, objects):
    """The manifests and the notes of what this `helm upgrade` would install on a cluster of these objects, which changes nothing."""
    words = [str(ROOT / word) if word.startswith(("chart/", "./chart")) else word for word in command[1:]]
    with FakeCluster(objects) as cluster:
        printed = helm(*words, "--dry-run=server", "--disable-openapi-validation", kubeconfig=cluster.kubeconfig)
    manifests = printed.split("\nMANIFEST:\n")[1].split("\nNOTES:\n")[0]
    return [entry for entry in yaml.safe_load_all(manifests) if entry], printed.split("\nNOTES:\n")[1]


class Blocks(unittest.TestCase):
    def setUp(self):
        self.commands = commands()
        self.labelled = {command[3]: command[4] for command in self.commands if command[:3] == ["kubectl", "label", "namespace"]}
        releases = [command for command in self.commands if command[:3] == ["helm", "upgrade", "--install"]]
        self.stack, self.ours, self.rancher = releases

    def cluster(self, name, *nodes):
        return [namespace(name, PRIVILEGED), *nodes]

    def test_the_stack_and_the_chart_are_where_pods_may_be_privileged(self):
        self.assertEqual(set(self.labelled.values()), {"=".join(*PRIVILEGED.items())})
        for release in (self.stack, self.ours, self.rancher):
            self.assertIn(*given(release, "--namespace"), self.labelled)

    def test_prometheus_of_the_stack_finds_the_rules_and_grafana_the_dashboards(self):
        self.assertTrue(all((ROOT / file).exists() for file in given(self.stack, "--values")))
        manifests, notes = installed(self.ours, self.cluster("monitoring", node("gpu-a", GPU), node("gpu-b", GPU)))
        (rule,) = of_kind(manifests, "PrometheusRule")
        # The stack looks for rules with the name of its release, and for dashboards in all namespaces.
        self.assertEqual(rule["metadata"]["labels"]["release"], self.stack[3])
        self.assertEqual(len([item for item in of_kind(manifests, "ConfigMap") if item["metadata"]["labels"].get("grafana_dashboard") == "1"]), 3)
        self.assertEqual(len(of_kind(manifests, "CronJob")), 2)
        self.assertNotIn("prometheusRule", notes)
        self.assertNotIn("no registry serves it", notes)

    def test_what_is_asked_of_grafana_is_grafana_of_that_release(self):
        grafana = [word for command in self.commands if command[0] == "kubectl" for word in command if word.endswith("-grafana")]
        self.assertEqual({word.split("/")[-1] for word in grafana}, {f"{self.stack[3]}-grafana"})
        self.assertEqual([word.split("/")[0] for word in grafana if "/" in word], ["deployment", "service"])

    def test_nodes_with_mig_and_nodes_without_under_rancher(self):
        nodes = [node(name, GPU | {"nvidia.com/mig.capable": capable}, status=K3S) for name, capable in (("cut", "true"), ("whole", "false"))]
        manifests, _ = installed(self.rancher, self.cluster("cattle-monitoring-system", *nodes, runtime_class("nvidia")))
        names = {item["metadata"]["name"]: item["metadata"]["namespace"] for item in of_kind(manifests, "CronJob")}
        (own,) = given(self.rancher, "--namespace")
        self.assertEqual(names, dict.fromkeys(("gpu-session-metrics-collector-mig", "gpu-session-metrics-collector-whole"), own))
        self.assertEqual(len(of_kind(manifests, "PrometheusRule")), 1)
        self.assertEqual({item["metadata"]["namespace"] for item in of_kind(manifests, "ConfigMap")}, {"cattle-dashboards"})

    def test_the_image_that_is_pushed_is_the_one_that_is_run(self):
        pushed = self.commands[[command[:2] for command in self.commands].index(["make", "image"])][-1]
        manifests, _ = installed(self.ours, self.cluster("monitoring", node("gpu-a", GPU)))
        self.assertEqual([collector(job)["image"] for job in of_kind(manifests, "CronJob")], [pushed])


if __name__ == "__main__":
    unittest.main()
