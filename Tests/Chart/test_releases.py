"""Names, and two releases in one cluster."""

import unittest

from combinations import workloads
from fake_cluster import FakeCluster, node
from rendering import RenderError, of_kind, pod_spec, render

GPU = {"accelerator": "nvidia"}
NODES = [node("a", {**GPU, "half": "left"}), node("b", {**GPU, "half": "right"})]
LEFT, RIGHT = {"nodeSelector": {"half": "left"}}, {"nodeSelector": {"half": "right"}}


def owned(manifests, release, namespace):
    """What a release has made, as the API server gives it."""
    made = [entry for entry in manifests if entry["kind"] in ("CronJob", "DaemonSet")]
    for entry in made:
        entry["metadata"]["labels"] |= {"app.kubernetes.io/instance": release}
        entry["metadata"]["annotations"] = {"meta.helm.sh/release-name": release, "meta.helm.sh/release-namespace": namespace}
        entry["metadata"]["namespace"] = namespace
    return made


def installed(values, release="other", namespace="elsewhere"):
    with FakeCluster(NODES) as cluster:
        return owned(cluster.install(values)[0], release, namespace)


def install(others, values=None):
    with FakeCluster([*NODES, *others]) as cluster:
        return cluster.install(values)[0]


class Twins(unittest.TestCase):
    def test_the_same_file_on_the_same_node_is_refused(self):
        refused = "node a: the release other in namespace elsewhere writes /var/lib/node_exporter/textfile_collector/gpu_sessions.prom there"
        for theirs in ({}, {"collection.mode": "daemonset"}, {"collection.mode": "daemonset", **LEFT}, {"collection.nodes": ["a"]}):
            for ours in ({}, {"collection.mode": "daemonset"}, {"collection.nodes": ["a"]}):
                with self.subTest(theirs=theirs, ours=ours), self.assertRaisesRegex(RenderError, refused):
                    install(installed(theirs), ours)

    def test_each_its_nodes_or_its_directory(self):
        for ours in (RIGHT, {"textfile.directory": "/data/textfile"}, {"lookup": False}):
            with self.subTest(ours):
                self.assertTrue(workloads(install(installed(LEFT), ours)))

    def test_the_same_names_in_one_namespace_are_refused(self):
        others = installed(LEFT, namespace="monitoring")
        with self.assertRaisesRegex(RenderError, "the release other in namespace monitoring has objects of the same names.*fullnameOverride"):
            install(others, RIGHT)
        self.assertTrue(workloads(install(others, {**RIGHT, "fullnameOverride": "second"})))

    def test_the_release_itself_is_no_other(self):
        self.assertTrue(workloads(install(installed({}, "gpu-monitoring", "monitoring"))))
        moved = installed({}, "gpu-monitoring", "monitoring")
        for entry in moved:
            entry["metadata"]["namespace"] = "gpu"
        self.assertTrue(workloads(install(moved, {"namespaceOverride": "gpu"})))

    def test_workloads_of_others_are_none_of_ours(self):
        others = installed({})
        for entry in others:
            entry["metadata"]["labels"] = {"app.kubernetes.io/name": "node-exporter"}
        self.assertTrue(workloads(install(others)))


EVERY = {"prometheusRule.enabled": True, "priorityClass.create": True, "openshift.scc": True, "networkPolicy.enabled": True, "collection.nodes": ["a", "b"]}


def names(values=None, arguments=()):
    """Kind, namespace and name of what is rendered."""
    return {
        (entry["kind"], entry["metadata"].get("namespace"), entry["metadata"]["name"]) for entry in render({**EVERY, **(values or {})}, arguments=arguments)
    }


class Names(unittest.TestCase):
    def test_two_releases_in_one_namespace_share_no_name(self):
        self.assertEqual(names() & names({"fullnameOverride": "second"}), set())
        self.assertEqual(names() & names({"nameOverride": "second"}), set())

    def test_two_releases_in_two_namespaces_share_no_name(self):
        self.assertEqual(names() & names(arguments=("--namespace", "elsewhere")), set())

    def test_the_override_is_every_objects_name(self):
        found = {name for _, _, name in names({"fullnameOverride": "second"})}
        self.assertTrue(all(name.startswith("second") for name in found), found)

    def test_a_pools_name_fits_behind_the_longest(self):
        pools = [{"name": "p" * 22, "collection": {"nodes": ["a" * 60, "b" * 60]}}]
        jobs = workloads(render({"fullnameOverride": "n" * 29, "pools": pools}))
        self.assertEqual([len(job["metadata"]["name"]) <= 52 for job in jobs], [True, True])
        self.assertEqual(len({job["metadata"]["name"] for job in jobs}), 2)

    def test_the_name_in_labels(self):
        (job,) = workloads(render({"nameOverride": "gpus"}))
        self.assertEqual(job["metadata"]["labels"]["app.kubernetes.io/name"], "gpus")
        self.assertEqual(job["metadata"]["labels"]["app.kubernetes.io/part-of"], "gpu-sessions")
        (job,) = workloads(render({"fullnameOverride": "gpus"}))
        self.assertEqual(job["metadata"]["labels"]["app.kubernetes.io/name"], "gpu-sessions")

    def test_another_namespace(self):
        found = render({**EVERY, "namespaceOverride": "gpu"})
        self.assertEqual({entry["metadata"].get("namespace") for entry in found}, {"gpu", None})
        (constraints,) = of_kind(found, "SecurityContextConstraints")
        self.assertEqual(constraints["users"], ["system:serviceaccount:gpu:gpu-session-metrics-collector"])
        self.assertEqual(constraints["metadata"]["name"], "gpu-session-metrics-collector-gpu")

    def test_the_priority_class_has_the_namespace_in_its_name(self):
        manifests = render(EVERY)
        (made,) = of_kind(manifests, "PriorityClass")
        self.assertEqual(made["metadata"]["name"], "gpu-session-metrics-collector-monitoring")
        self.assertEqual({pod_spec(job)["priorityClassName"] for job in workloads(manifests)}, {made["metadata"]["name"]})

    def test_one_node_keeps_the_plain_name(self):
        for values in ({"collection.nodes": ["gpu-a"]}, {}):
            (job,) = workloads(render(values))
            self.assertEqual(job["metadata"]["name"], "gpu-session-metrics-collector")
        with FakeCluster(NODES[:1]) as cluster:
            (job,) = workloads(cluster.install()[0])
        self.assertEqual(job["metadata"]["name"], "gpu-session-metrics-collector")
        self.assertEqual(job["metadata"]["annotations"], {"gpu-sessions/node": "a"})

    def test_labels_say_what_an_object_is_part_of(self):
        for entry in render(EVERY):
            with self.subTest(entry["metadata"]["name"]):
                labels = entry["metadata"]["labels"]
                self.assertEqual(labels["app.kubernetes.io/part-of"], "gpu-sessions")
                self.assertIn(labels["app.kubernetes.io/component"], ("collector", "dashboard", "rules", "cleanup", "check"))


if __name__ == "__main__":
    unittest.main()
