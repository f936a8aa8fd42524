"""`helm test`: the collector's own check, where and as the collector runs."""

import subprocess
import unittest

from fake_cluster import FakeCluster, node, running
from rendering import ROOT, collector, of_kind, pod_spec, render
from test_lookup import bound_nodes

EXECUTABLE = ROOT / ".build" / "release" / "gpu-sessions"


def as_workload(pod):
    return {"kind": "Pod", "spec": {"template": pod}}


def pods(manifests):
    return [entry for entry in of_kind(manifests, "Pod") if entry["metadata"]["annotations"].get("helm.sh/hook") == "test"]


class Check(unittest.TestCase):
    def test_a_pod_for_each_known_node_is_as_the_collectors(self):
        values = {"collection.nodes": ["gpu-a", "gpu-b.example"], "dynamicResourceAllocation": True, "podSecurityContext": {"supplementalGroups": [7]}}
        manifests = render(values, presets=["mig"])
        found = pods(manifests)
        self.assertEqual([bound_nodes(as_workload(pod)) for pod in found], [["gpu-a"], ["gpu-b.example"]])
        for pod, job in zip(found, of_kind(manifests, "CronJob")):
            theirs, ours = pod_spec(job), pod["spec"]
            self.assertEqual({**theirs["containers"][0], "args": None}, {**ours["containers"][0], "args": None})
            self.assertEqual({**theirs, "containers": None}, {**ours, "containers": None})

    def test_its_arguments_are_the_collectors_and_the_program_takes_them(self):
        values = {"collection.timeout": 30, "kubeletRoot": "/data/kubelet", "collection.userLabel": False, "driver.nvidiaSmi": "/bin/false"}
        (pod,) = pods(render(values))
        arguments = collector(as_workload(pod))["args"]
        (job,) = of_kind(render(values), "CronJob")
        self.assertEqual(arguments[0], "check")
        self.assertLessEqual(set(arguments[1:]), set(collector(job)["args"]))
        # No GPU here: a check fails, which is 1; arguments that are wrong are 64.
        said = subprocess.run([EXECUTABLE, *arguments], capture_output=True, text=True)
        self.assertEqual(said.returncode, 1, said.stderr)
        self.assertIn("nvidia-smi", said.stdout)

    def test_what_helm_needs_to_print_it(self):
        (pod,) = pods(render())
        self.assertEqual(pod["spec"]["restartPolicy"], "Never")
        self.assertEqual(pod["metadata"]["annotations"]["helm.sh/hook-delete-policy"], "before-hook-creation")

    def test_no_workload_takes_it_for_one_of_its_pods(self):
        manifests = render({"collection.mode": "daemonset"})
        (workload,) = of_kind(manifests, "DaemonSet")
        (pod,) = pods(manifests)
        self.assertIn("gpu-sessions/workload", workload["spec"]["selector"]["matchLabels"])
        self.assertNotIn("gpu-sessions/workload", pod["metadata"]["labels"])

    def test_each_node_has_what_is_right_for_it(self):
        status = {"a": running("cri-o://1.31.3"), "b": running("containerd://1.7.20-k3s1", "v1.30.3+k3s1")}
        with FakeCluster([node(name, {"gpu": "nvidia"}, status=status[name]) for name in status]) as cluster:
            hooks = cluster.hooks()
        paths = {bound_nodes(as_workload(pod))[0]: [volume["hostPath"]["path"] for volume in pod["spec"]["volumes"]] for pod in pods(hooks)}
        self.assertIn("/var/lib/containers/storage/overlay-containers", paths["a"])
        self.assertIn("/run/k3s/containerd/io.containerd.runtime.v2.task", paths["b"])

    def test_of_many_nodes_one_is_picked(self):
        many = {"collection.nodes": [f"n{index}" for index in range(101)], "collection.mode": "daemonset"}
        self.assertEqual([bound_nodes(as_workload(pod)) for pod in pods(render(many))], [["n0"]])
        self.assertEqual(len(pods(render({**many, "collection.nodes": many["collection.nodes"][:100]}))), 100)
        pools = [{"name": name, "collection": {"nodes": [name + node for node in many["collection.nodes"]], "mode": "daemonset"}} for name in ("a", "b")]
        self.assertEqual([bound_nodes(as_workload(pod)) for pod in pods(render({"pools": pools}))], [["an0"], ["bn0"]])

    def test_off(self):
        self.assertEqual(pods(render({"test.enabled": False})), [])


if __name__ == "__main__":
    unittest.main()
