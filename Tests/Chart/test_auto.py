"""What `auto` comes to on nodes of several kinds, and offline."""

import unittest

from combinations import workloads
from fake_cluster import FakeCluster, node, runtime_class, running
from rendering import of_kind, pod_spec, render
from test_lookup import bound_nodes

GPU = {"accelerator": "nvidia"}
CONTAINERD = "/run/containerd/io.containerd.runtime.v2.task"
K3S = "/run/k3s/containerd/io.containerd.runtime.v2.task"
CRIO = "/var/lib/containers/storage/overlay-containers"
DOCKER = "/var/lib/docker/containers"
# Versions as such nodes give them. Sources: k3s-io/k3s#10655, rancher/rke2#6467, bottlerocket-os/bottlerocket#2791.
STATUS = {
    "containerd": running("containerd://1.7.24"),
    "k3s": running("containerd://1.7.20-k3s1", "v1.30.3+k3s1"),
    "rke2": running("containerd://1.7.20-k3s1", "v1.30.3+rke2r1"),
    "crio": running("cri-o://1.31.3"),
    "docker": running("docker://27.3.1"),
    "k3s-docker": running("docker://27.3.1", "v1.30.3+k3s1"),
    "bottlerocket": running("containerd://1.7.22+bottlerocket", "v1.31.1-eks-1", "Bottlerocket OS 1.26.1 (aws-k8s-1.31-nvidia)"),
    "silent": None,
}
DIRECTORY = {
    **dict.fromkeys(("containerd", "bottlerocket", "silent"), CONTAINERD),
    **dict.fromkeys(("k3s", "rke2"), K3S),
    **dict.fromkeys(("docker", "k3s-docker"), DOCKER),
    "crio": CRIO,
}


def cluster(kinds, *more):
    return FakeCluster([*(node(kind, GPU, status=STATUS[kind]) for kind in kinds), *more])


def runtime(manifest):
    """The runtime's directory that the pods of a workload mount, and their RuntimeClass."""
    spec = pod_spec(manifest)
    (path, *_) = [volume["hostPath"]["path"] for volume in spec["volumes"] if volume["name"] == "runtime"] or [None]
    return path, spec.get("runtimeClassName")


def by_node(manifests):
    return {bound_nodes(job)[0]: runtime(job) for job in of_kind(manifests, "CronJob")}


class CronJobs(unittest.TestCase):
    def test_each_node_has_the_directory_of_its_runtime(self):
        with cluster(STATUS) as mixed:
            found = by_node(mixed.install()[0])
        self.assertEqual(found, {kind: (path, None) for kind, path in DIRECTORY.items()})

    def test_named_nodes_too(self):
        with cluster(["k3s"]) as asked:
            manifests, _ = asked.install({"collection.nodes": ["k3s", "to-come"]})
        self.assertEqual(by_node(manifests), {"k3s": (K3S, None), "to-come": (CONTAINERD, None)})

    def test_a_runtime_that_is_not_known_costs_its_directory_and_not_the_node(self):
        with FakeCluster([node("new", GPU, status=running("youki://0.5"))]) as asked:
            self.assertEqual(by_node(asked.install()[0]), {"new": (None, None)})

    def test_what_is_given_wins(self):
        with cluster(["k3s"], runtime_class("nvidia")) as asked:
            given = {"hostPaths.runtime": DOCKER, "runtimeClassName": "other"}
            self.assertEqual(by_node(asked.install(given)[0]), {"k3s": (DOCKER, "other")})
            self.assertEqual(by_node(asked.install({"hostPaths.runtime": "", "runtimeClassName": ""})[0]), {"k3s": (None, None)})

    def test_pools_each_have_their_own(self):
        with cluster(["k3s", "crio"], runtime_class("nvidia")) as asked:
            pools = [{"name": name, "collection": {"nodes": [name]}} for name in ("k3s", "crio")]
            self.assertEqual(by_node(asked.install({"pools": pools})[0]), {"k3s": (K3S, "nvidia"), "crio": (CRIO, "nvidia")})


class Classes(unittest.TestCase):
    def classes(self, *objects, values=None):
        with FakeCluster(objects) as asked:
            return {name: found[1] for name, found in by_node(asked.install(values)[0]).items()}

    def test_the_class_that_injects_the_driver(self):
        one = node("a", GPU)
        self.assertEqual(self.classes(one, runtime_class("nvidia")), {"a": "nvidia"})
        self.assertEqual(self.classes(one, runtime_class("gpu", "nvidia"), runtime_class("gvisor", "runsc")), {"a": "gpu"})
        self.assertEqual(self.classes(one, runtime_class("gpu", "nvidia"), runtime_class("nvidia")), {"a": "nvidia"})
        self.assertEqual(self.classes(one, runtime_class("gvisor", "runsc")), {"a": None})

    def test_none_where_the_driver_is_mounted(self):
        self.assertEqual(self.classes(node("a", GPU), runtime_class("nvidia"), values={"driver.hostPath": "/opt/driver"}), {"a": None})

    def test_none_on_a_node_that_says_that_it_lacks_the_handler(self):
        nodes = [
            node("with", GPU, status=running("containerd://2.0.1", handlers=["", "runc", "nvidia"])),
            node("without", GPU, status=running("containerd://2.0.1", handlers=["", "runc"])),
            node("silent", GPU, status=running("containerd://1.7.24")),
        ]
        self.assertEqual(self.classes(*nodes, runtime_class("nvidia")), {"with": "nvidia", "without": None, "silent": "nvidia"})


class Daemonsets(unittest.TestCase):
    def install(self, kinds, *more):
        with cluster(kinds, *more) as asked:
            manifests, notes = asked.install({"collection.mode": "daemonset"})
        (workload,) = of_kind(manifests, "DaemonSet")
        return runtime(workload), notes

    def test_nodes_of_one_kind(self):
        found, notes = self.install(["k3s", "rke2"], runtime_class("nvidia"))
        self.assertEqual(found, (K3S, "nvidia"))
        self.assertNotIn("its nodes differ", notes)

    def test_nodes_of_several_kinds_start_and_are_named(self):
        found, notes = self.install(["k3s", "crio", "rke2"])
        self.assertEqual(found, (None, None))
        self.assertIn(f'its nodes differ, and one DaemonSet is the same on all. On crio it should have hostPaths.runtime="{CRIO}"', notes)
        self.assertIn(f'On k3s, rke2 it should have hostPaths.runtime="{K3S}" and runtimeClassName=""', notes)

    def test_a_cluster_without_gpu_nodes_yet(self):
        with FakeCluster([node("plain")]) as asked:
            (workload,) = of_kind(asked.install({"collection.mode": "daemonset"})[0], "DaemonSet")
        self.assertEqual(runtime(workload), (CONTAINERD, None))


class WithoutPreset(unittest.TestCase):
    """What a cluster says of itself comes to what its preset says."""

    CLUSTERS = {
        "k3s": ("k3s", {"gpu": "nvidia"}, ["nvidia", "nvidia-experimental", "crun", "wasmtime"]),
        "crio": ("crio", {"gpu": "nvidia"}, ["nvidia"]),
        "gpu-operator": ("containerd", {"nvidia.com/gpu.present": "true", "nvidia.com/gpu.deploy.driver": "true"}, ["nvidia", "nvidia-cdi"]),
        "containerd-nvidia-runtime": ("containerd", {"accelerator": "nvidia"}, ["nvidia"]),
        "eks": ("containerd", {"k8s.amazonaws.com/accelerator": "nvidia-tesla-t4"}, []),
    }

    def test_one_kind_of_node(self):
        for preset, (kind, labels, classes) in self.CLUSTERS.items():
            with self.subTest(preset), FakeCluster([node("a", labels, status=STATUS[kind]), *map(runtime_class, classes)]) as asked:
                (expected,) = workloads(render({"collection.nodes": ["a"]}, presets=[preset]))
                (found,) = workloads(asked.install()[0])
                self.assertEqual(pod_spec(found), pod_spec(expected))

    def test_a_mix(self):
        nodes = [node(preset, labels, status=STATUS[kind]) for preset, (kind, labels, _) in self.CLUSTERS.items() if preset != "eks"]
        with FakeCluster([*nodes, runtime_class("nvidia")]) as asked:
            found = {bound_nodes(job)[0]: runtime(job) for job in workloads(asked.install()[0])}
        for preset in found:
            (expected,) = workloads(render({"collection.nodes": ["a"]}, presets=[preset]))
            self.assertEqual(found[preset], runtime(expected))
        self.assertEqual(len(found), 4)


class Offline(unittest.TestCase):
    def test_containerd_and_no_class(self):
        for values in ({}, {"collection.mode": "daemonset"}, {"collection.nodes": ["a"]}):
            (workload,) = workloads(render(values))
            self.assertEqual(runtime(workload), (CONTAINERD, None))

    def test_without_lookup_too(self):
        with cluster(["k3s"], runtime_class("nvidia")) as asked:
            (workload,) = workloads(asked.install({"lookup": False})[0])
        self.assertEqual(runtime(workload), (CONTAINERD, None))


if __name__ == "__main__":
    unittest.main()
