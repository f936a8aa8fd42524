"""Nodes that the chart finds at install, from a Kubernetes API that serves a handful."""

import json
import unittest

from combinations import workloads
from fake_cluster import FakeCluster, node
from rendering import RenderError, of_kind, pod_spec, render, value_arguments, run_helm

NODES = [
    node("plain", {"kubernetes.io/os": "linux"}),
    node("astrago", {"accelerator": "nvidia", "slot": "5"}),
    node("operator", {"nvidia.com/gpu.present": "true", "slot": "12", "zone": "a"}),
    node("no-gpu", {"nvidia.com/gpu.present": "false", "zone": "b"}),
    node("gke", {"cloud.google.com/gke-accelerator": "nvidia-l4", "slot": "many"}),
    node("other-vendor", {"accelerator": "amd", "gpu": "amd"}),
    node("spot.eu-west-1.compute.internal", {"gpu": "nvidia", "zone": "a"}),
]


def bound_nodes(manifest):
    """The nodes that a workload's pods are bound to by name."""
    affinity = pod_spec(manifest).get("affinity", {}).get("nodeAffinity", {})
    terms = affinity.get("requiredDuringSchedulingIgnoredDuringExecution", {}).get("nodeSelectorTerms", [])
    fields = [field for term in terms for field in term.get("matchFields", [])]
    return [value for field in fields if field["key"] == "metadata.name" for value in field["values"]]


def required(*terms):
    return {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": list(terms)}}}


def expression(key, operator, *values):
    return {"matchExpressions": [{"key": key, "operator": operator, **({"values": list(values)} if values else {})}]}


class Lookup(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = FakeCluster(NODES).__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.cluster.__exit__()

    def found(self, values=None):
        manifests, _ = self.cluster.install(values)
        return sorted(name for job in of_kind(manifests, "CronJob") for name in bound_nodes(job))


class Selection(Lookup):
    def test_without_a_selector_any_usual_label_of_a_gpu_node(self):
        self.assertEqual(self.found(), ["astrago", "gke", "operator", "spot.eu-west-1.compute.internal"])

    def test_every_default_label_is_looked_for(self):
        (job,) = of_kind(render(), "CronJob")
        terms = pod_spec(job)["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"]
        expressions = [term["matchExpressions"][0] for term in terms]
        made = [node(f"n{index}", {entry["key"]: entry.get("values", ["x"])[0]}) for index, entry in enumerate(expressions)]
        with FakeCluster([*made, node("plain", {"accelerator": "other"})]) as cluster:
            jobs = of_kind(cluster.install()[0], "CronJob")
        self.assertEqual(len(jobs), len(expressions))
        self.assertGreaterEqual(len(jobs), 8)

    def test_a_node_selector_takes_the_place_of_the_default(self):
        self.assertEqual(self.found({"nodeSelector": {"zone": "a"}}), ["operator", "spot.eu-west-1.compute.internal"])
        self.assertEqual(self.found({"nodeSelector": {"zone": "a", "gpu": "nvidia"}}), ["spot.eu-west-1.compute.internal"])

    def test_labels_that_look_like_other_types(self):
        values = {"nodeSelector": {"nvidia.com/gpu.present": True}}
        self.assertEqual(self.found(values), ["operator"])
        self.assertEqual(pod_spec(workloads(render(values))[0])["nodeSelector"], {"nvidia.com/gpu.present": "true"})
        self.assertEqual(self.found({"nodeSelector": {"slot": 12}}), ["operator"])

    def test_operators_of_node_affinity(self):
        everyone = {entry["metadata"]["name"] for entry in NODES}
        expected = {
            ("zone", "In", "a"): {"operator", "spot.eu-west-1.compute.internal"},
            ("zone", "NotIn", "a"): everyone - {"operator", "spot.eu-west-1.compute.internal"},
            ("slot", "Exists"): {"astrago", "operator", "gke"},
            ("slot", "DoesNotExist"): everyone - {"astrago", "operator", "gke"},
            ("slot", "Gt", "5"): {"operator"},
            ("slot", "Lt", "6"): {"astrago"},
            ("slot", "Gt", "-1"): {"astrago", "operator"},
        }
        for (key, operator, *values), names in expected.items():
            with self.subTest(operator=operator, values=values):
                self.assertEqual(self.found({"affinity": required(expression(key, operator, *values))}), sorted(names))

    def test_terms_are_alternatives_and_their_expressions_are_not(self):
        either = required(expression("slot", "Gt", "5"), expression("gpu", "In", "amd"))
        self.assertEqual(self.found({"affinity": either}), ["operator", "other-vendor"])
        both = {"matchExpressions": [*expression("zone", "In", "a")["matchExpressions"], *expression("slot", "Exists")["matchExpressions"]]}
        self.assertEqual(self.found({"affinity": required(both)}), ["operator"])
        by_name = {"matchFields": [{"key": "metadata.name", "operator": "In", "values": ["plain"]}]}
        self.assertEqual(self.found({"affinity": required(by_name)}), ["plain"])

    def test_selector_and_affinity_both_hold(self):
        values = {"nodeSelector": {"zone": "a"}, "affinity": required(expression("slot", "Exists"))}
        self.assertEqual(self.found(values), ["operator"])


class Workloads(Lookup):
    def test_named_nodes_are_not_looked_up(self):
        self.assertEqual(self.found({"collection.nodes": ["x", "y", "x"]}), ["x", "y"])

    def test_too_many_nodes(self):
        with self.assertRaisesRegex(RenderError, r"4 GPU nodes .* collection\.maxCronJobs \(3\)\. Set collection\.mode=daemonset"):
            self.cluster.install({"collection.maxCronJobs": 3})
        self.assertEqual(len(self.found({"collection.maxCronJobs": 4})), 4)

    def test_a_daemon_set_needs_no_names_and_takes_given_ones(self):
        (workload,) = of_kind(self.cluster.install({"collection.mode": "daemonset", "collection.maxCronJobs": 1})[0], "DaemonSet")
        self.assertEqual(bound_nodes(workload), [])
        (workload,) = of_kind(self.cluster.install({"collection.mode": "daemonset", "collection.nodes": ["b", "a"]})[0], "DaemonSet")
        self.assertEqual(bound_nodes(workload), ["b", "a"])

    def test_a_node_of_two_pools_is_named_with_them(self):
        zone_a, present = {"nodeSelector": {"zone": "a"}}, {"nodeSelector": {"nvidia.com/gpu.present": "true"}}
        for mode in ("cronjob", "daemonset"):
            pools = [{"name": "one", **zone_a}, {"name": "two", **present, "collection": {"mode": mode}}]
            with self.assertRaisesRegex(RenderError, "node operator is in the pools one and two"):
                self.cluster.install({"pools": pools})

    def test_named_nodes_of_two_pools_need_no_cluster(self):
        pools = [{"name": name, "collection": {"nodes": ["shared", name]}} for name in ("one", "two")]
        with self.assertRaisesRegex(RenderError, "node shared is in the pools one and two"):
            render({"pools": pools})

    def test_two_pools_of_one_name(self):
        with self.assertRaisesRegex(RenderError, 'two entries are named "one"'):
            render({"pools": [{"name": "one"}, {"name": "one"}]})

    def test_pools_share_the_nodes_out(self):
        pools = [{"name": "a", "nodeSelector": {"zone": "a"}}, {"name": "rest", "affinity": required(expression("accelerator", "In", "nvidia"))}]
        jobs = of_kind(self.cluster.install({"pools": pools, "nodeSelector": {"zone": "b"}})[0], "CronJob")
        found = {job["metadata"]["name"]: bound_nodes(job) for job in jobs}
        self.assertEqual(sorted(found.values()), [["astrago"], ["operator"], ["spot.eu-west-1.compute.internal"]])
        self.assertTrue(all(len(name) <= 52 for name in found))

    def test_names_of_pools_and_nodes_do_not_run_together(self):
        pools = [{"name": "a", "collection": {"nodes": ["b-c"]}}, {"name": "a-b", "collection": {"nodes": ["c"]}}]
        self.assertEqual(len({job["metadata"]["name"] for job in workloads(render({"pools": pools}))}), 2)


class Asking(Lookup):
    def test_template_with_a_cluster_finds_the_same(self):
        text = run_helm("--dry-run=server", "--kubeconfig", str(self.cluster.kubeconfig), *value_arguments({"nodeSelector": {"zone": "a"}}))
        self.assertEqual(text.count("kind: CronJob"), 2)

    def test_without_a_cluster_there_is_one(self):
        (job,) = of_kind(self.cluster.install(dry_run="client")[0], "CronJob")
        self.assertEqual(bound_nodes(job), [])

    def test_who_may_not_list_nodes_can_say_so(self):
        with FakeCluster(NODES, refused={"Node"}) as cluster, self.assertRaisesRegex(RenderError, "cannot list Node"):
            cluster.install()
        with FakeCluster(NODES, refused={"Node", "Namespace", "DaemonSet", "RuntimeClass"}) as cluster:
            (job,) = of_kind(cluster.install({"lookup": False})[0], "CronJob")
        self.assertEqual(bound_nodes(job), [])

    def test_off_means_off(self):
        with FakeCluster(NODES) as cluster:
            cluster.install({"lookup": False})
            self.assertEqual([path for path in cluster.asked if path.endswith(("/nodes", "sets", "cronjobs", "classes"))], [])

    def test_the_api_server_is_not_asked_for_its_nodes_again_and_again(self):
        with FakeCluster(NODES) as cluster:
            cluster.install({"pools": json.loads('[{"name": "a", "nodeSelector": {"zone": "a"}}, {"name": "b", "nodeSelector": {"zone": "b"}}]')})
            self.assertLessEqual(sum(path.endswith("/nodes") for path in cluster.asked), 4)


if __name__ == "__main__":
    unittest.main()
