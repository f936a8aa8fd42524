"""What `helm install` prints: what was installed where, how to look at it, and what is missing."""

import unittest

from fake_cluster import FakeCluster, namespace, node, runtime_class, running

GPU = {"accelerator": "nvidia"}
PRIVILEGED = namespace("monitoring", {"pod-security.kubernetes.io/enforce": "privileged"})
TEXTFILE = "/var/lib/node_exporter/textfile_collector"


def exporter(*arguments, image="quay.io/prometheus/node-exporter:v1.8.2", mount=("/host/root", "/")):
    """A DaemonSet of node_exporter that sees a directory of the node (the second) under another name."""
    container = {"name": "main", "image": image, "args": list(arguments), "volumeMounts": [{"name": "node", "mountPath": mount[0]}]}
    spec = {"containers": [container], "volumes": [{"name": "node", "hostPath": {"path": mount[1]}}]}
    metadata = {"name": "exporter", "namespace": "metrics"}
    return {"kind": "DaemonSet", "apiVersion": "apps/v1", "metadata": metadata, "spec": {"template": {"spec": spec}}}


# A cluster on which nothing is missing.
READS = exporter(f"--collector.textfile.directory=/host/root{TEXTFILE}")
WHOLE = [PRIVILEGED, node("gpu-a", GPU), READS]
IMAGE = {"image.repository": "registry.example/gpu-sessions", "dashboards.enabled": False}


def notes(objects, values=None, dry_run="server", presets=()):
    with FakeCluster(objects) as cluster:
        return cluster.install({**IMAGE, **(values or {})}, presets, dry_run=dry_run)[1]


class WhatAndWhere(unittest.TestCase):
    def test_cron_jobs_on_known_nodes(self):
        said = notes([*WHOLE, node("gpu-b", GPU), node("cpu")])
        self.assertIn("2 CronJobs gpu-session-metrics-collector-…", said)
        self.assertIn("gpu-a, gpu-b.", said)
        self.assertNotIn("cpu", said)
        self.assertIn("Nodes that come later get theirs by `helm upgrade`", said)

    def test_many_nodes_are_not_all_listed(self):
        said = notes([*WHOLE, *(node(f"n{index:02}", GPU) for index in range(30))])
        self.assertIn("31 CronJobs", said)
        self.assertIn("and 21 more", said)

    def test_one_cron_job_says_plainly_that_it_serves_one_node_and_names_the_ways_out(self):
        said = notes(WHOLE, dry_run="client")
        self.assertIn("SERVES ONE GPU NODE ONLY", said)
        self.assertIn("set collection.nodes, or collection.mode=daemonset", said)
        self.assertNotIn("SERVES ONE GPU NODE ONLY", notes(WHOLE))

    def test_a_daemon_set(self):
        said = notes(WHOLE, {"collection.mode": "daemonset"}, dry_run="client")
        self.assertIn("DaemonSet gpu-session-metrics-collector: one pod on every node that selector and affinity take", said)
        self.assertIn("logs --selector app.kubernetes.io/instance=gpu-monitoring,app.kubernetes.io/component=collector --prefix", said)
        self.assertNotIn("CronJob", said)

    def test_pools(self):
        pools = [{"name": "a", "nodeSelector": GPU}, {"name": "b", "nodeSelector": {"x": "y"}, "collection": {"mode": "daemonset"}}]
        said = notes(WHOLE, {"pools": pools})
        self.assertIn("1 CronJob gpu-session-metrics-collector-a, schedule", said)
        self.assertIn("DaemonSet gpu-session-metrics-collector-b", said)

    def test_how_to_look_at_it_names_a_cron_job_that_exists(self):
        with FakeCluster([*WHOLE, node("z.example.internal", GPU)]) as cluster:
            for values in ({}, {"collection.nodes": ["z.example.internal"]}):
                manifests, said = cluster.install(values)
                names = [entry["metadata"]["name"] for entry in manifests if entry["kind"] == "CronJob"]
                self.assertIn(f"kubectl --namespace monitoring create job --from=cronjob/{names[0]} test-job\n", said)
                self.assertIn("logs job/test-job", said)
        self.assertIn("curl -s http://gpu-a:9100/metrics | grep ^gpu_session_count", notes(WHOLE))

    def test_node_exporter_is_asked_where_it_listens(self):
        ways = {
            "9796": exporter("--web.listen-address=[$(HOST_IP)]:9796"),
            "9200": exporter("--web.listen-address", ":9200"),
            "9100": exporter("--path.rootfs=/host/root"),
        }
        for port, way in ways.items():
            with self.subTest(port):
                said = notes([*WHOLE[:2], exporter("--web.listen-address=:1", image="example/other"), way])
                self.assertIn(f"curl -s http://gpu-a:{port}/metrics | grep ^gpu_session_count", said)

    def test_commands_for_all_nodes(self):
        said = notes([*WHOLE, node("gpu-b", GPU)])
        self.assertIn("helm test gpu-monitoring --namespace monitoring --logs", said)
        self.assertIn("get cronjobs,daemonsets,pods --selector app.kubernetes.io/instance=gpu-monitoring\n", said)
        self.assertNotIn("helm test", notes(WHOLE, {"test.enabled": False}))

    def test_what_auto_came_to(self):
        k3s = node("gpu-b", GPU, status=running("containerd://1.7.20-k3s1", "v1.30.3+k3s1"))
        said = notes([*WHOLE, k3s, runtime_class("nvidia")])
        for name, directory in (("gpu-a", "/run/containerd"), ("gpu-b", "/run/k3s/containerd")):
            self.assertIn(f'hostPaths.runtime="{directory}/io.containerd.runtime.v2.task" runtimeClassName="nvidia" on {name}\n', said)

    def test_uninstall_and_what_stays(self):
        self.assertIn("rm /data/textfile/gpu_sessions.prom", notes(WHOLE, {"textfile.directory": "/data/textfile"}))
        self.assertIn("`helm uninstall` removes the published file", notes(WHOLE))
        for kept in (notes(WHOLE, {"cleanup.enabled": False}), notes(WHOLE, dry_run="client")):
            self.assertIn("`helm uninstall` leaves the published file", kept)

    def test_off(self):
        said = notes(WHOLE, {"enabled": False})
        self.assertIn("gpu-session-monitoring.enabled=true", said)
        self.assertNotIn("is installed", said)


class Warnings(unittest.TestCase):
    def warned(self, objects, values=None, presets=()):
        said = notes(objects, values, presets=presets)
        return said.split("WARNINGS:", 1)[1] if "WARNINGS:" in said else ""

    def test_none_where_nothing_is_missing(self):
        self.assertEqual(self.warned(WHOLE), "")

    def test_dashboards_without_rules(self):
        self.assertIn("prometheusRule.enabled is false: most panels stay empty", self.warned(WHOLE, {"dashboards.enabled": True}))

    def test_no_image_was_pushed(self):
        self.assertIn("no registry serves it", self.warned(WHOLE, {"image.repository": "gpu-sessions"}))

    def test_pod_security(self):
        rest = WHOLE[1:]
        refused = self.warned([namespace("monitoring", {"pod-security.kubernetes.io/enforce": "baseline"}), *rest])
        self.assertIn("enforces the Pod Security level baseline", refused)
        self.assertIn("kubectl label --overwrite namespace monitoring pod-security.kubernetes.io/enforce=privileged", refused)
        for unlabelled in ([namespace("monitoring"), *rest], [namespace("other", PRIVILEGED["metadata"]["labels"]), *rest]):
            self.assertIn("has no label pod-security.kubernetes.io/enforce", self.warned(unlabelled))
        self.assertIn("kubectl label namespace monitoring", notes(WHOLE, dry_run="client"))

    def test_node_exporter_without_the_flag(self):
        self.assertIn(
            "node-exporter (DaemonSet metrics/exporter) runs without --collector.textfile.directory",
            self.warned([*WHOLE[:2], exporter("--path.rootfs=/host/root")]),
        )
        self.assertIn("no DaemonSet of node-exporter was found", self.warned(WHOLE[:2]))
        self.assertIn("no DaemonSet of node-exporter was found", self.warned([*WHOLE[:2], exporter(image="example/other")]))

    def test_node_exporter_reads_another_directory(self):
        said = self.warned([*WHOLE[:2], exporter("--collector.textfile.directory=/host/root/data/textfile")])
        self.assertIn(f"reads /data/textfile of the node, and the collector writes to {TEXTFILE}", said)
        self.assertIn(f"reads {TEXTFILE} of the node", self.warned(WHOLE, {"textfile.directory": "/data/textfile"}))

    def test_node_exporter_reads_it_by_whatever_name(self):
        ways = [
            exporter("--collector.textfile.directory", f"/host/root{TEXTFILE}/"),
            exporter("--collector.textfile.directory=/textfile", mount=("/textfile", TEXTFILE)),
            exporter("--collector.textfile.directory=/textfile/", mount=("/textfile/", f"{TEXTFILE}/")),
            exporter("--collector.textfile.directory=/x/textfile_collector", mount=("/x", "/var/lib/node_exporter")),
            exporter(f"--collector.textfile.directory=/host/root{TEXTFILE}", image="registry.example/node_exporter@sha256:0"),
        ]
        for way in ways:
            with self.subTest(way["spec"]["template"]["spec"]["containers"][0]["args"]):
                self.assertEqual(self.warned([*WHOLE[:2], way]), "")

    def test_a_runtime_class_that_is_there_and_not_wanted(self):
        cluster, none = [*WHOLE, runtime_class("nvidia")], {"runtimeClassName": ""}
        self.assertIn("the cluster has a RuntimeClass `nvidia`, and runtimeClassName is empty", self.warned(cluster, none))
        for values in ({}, {"runtimeClassName": "nvidia"}, {**none, "driver.hostPath": "/opt/driver"}):
            self.assertEqual(self.warned(cluster, values), "")

    def test_a_runtime_class_that_is_named_and_not_there(self):
        self.assertIn("the cluster has no RuntimeClass nvidia", self.warned(WHOLE, {"runtimeClassName": "nvidia"}))

    def test_taints_that_are_not_tolerated(self):
        def tainted(key, effect, value=None):
            taint = {"key": key, "effect": effect} | ({"value": value} if value else {})
            return [PRIVILEGED, READS, node("gpu-a", GPU, [taint])]

        sku = tainted("sku", "NoSchedule", "gpu")
        self.assertIn("the taint sku=gpu:NoSchedule, which `tolerations` does not tolerate", self.warned(sku))
        for tolerations in (
            [{"operator": "Exists"}],
            [{"key": "sku", "operator": "Exists"}],
            [{"key": "sku", "value": "gpu", "effect": "NoSchedule"}],
        ):
            self.assertEqual(self.warned(sku, {"tolerations": tolerations}), "")
        for tolerations in ([{"key": "sku", "value": "cpu"}], [{"key": "sku", "operator": "Exists", "effect": "NoExecute"}]):
            self.assertIn("sku=gpu:NoSchedule", self.warned(sku, {"tolerations": tolerations}))
        for harmless in (("nvidia.com/gpu", "NoSchedule", "present"), ("a", "PreferNoSchedule"), ("node.kubernetes.io/unschedulable", "NoSchedule")):
            self.assertEqual(self.warned(tainted(*harmless)), "")

    def test_no_node_has_the_labels(self):
        self.assertIn("no node of the cluster has the labels asked for", self.warned([PRIVILEGED, READS, node("cpu")]))

    def test_named_nodes_that_are_not_there(self):
        said = self.warned(WHOLE, {"collection.nodes": ["gpu-a", "gpu-z"]})
        self.assertIn("collection.nodes names gpu-z, which the cluster does not have", said)
        self.assertNotIn("names gpu-a", said)


if __name__ == "__main__":
    unittest.main()
