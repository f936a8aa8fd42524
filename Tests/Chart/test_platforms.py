"""The platform that the nodes show is named with its preset."""

import unittest

from combinations import PRESETS
from fake_cluster import node, running
from test_notes import PRIVILEGED, READS, notes

BOTTLEROCKET = running("containerd://1.7.22+bottlerocket", "v1.31.1-eks-1", "Bottlerocket OS 1.26.1 (aws-k8s-1.31-nvidia)")
# Platform: name, preset, and labels of its nodes. The presets say where the labels come from; OpenShift's is of its
# machine-config operator's nodes, Bottlerocket names itself as the node's operating system.
NODES = {
    "gke-cos": ("GKE with Container-Optimized OS", {"cloud.google.com/gke-accelerator": "nvidia-l4", "cloud.google.com/gke-os-distribution": "cos"}),
    "gke-ubuntu": ("GKE with Ubuntu", {"cloud.google.com/gke-accelerator": "nvidia-l4", "cloud.google.com/gke-os-distribution": "ubuntu"}),
    "bottlerocket": ("Bottlerocket", {"eks.amazonaws.com/nodegroup": "gpu"}),
    "eks": ("EKS", {"eks.amazonaws.com/nodegroup": "gpu"}),
    "aks": ("AKS", {"kubernetes.azure.com/cluster": "x", "kubernetes.azure.com/accelerator": "nvidia"}),
    "openshift": ("OpenShift", {"node.openshift.io/os_id": "rhcos"}),
}


def gpu_node(platform, name="gpu-a"):
    labels = {"gpu": "nvidia", "nvidia.com/gpu.present": "true", **NODES[platform][1]}
    return node(name, labels, status=BOTTLEROCKET if platform == "bottlerocket" else running("containerd://1.7.24"))


def platform(said):
    return said.split("Platform:\n", 1)[1].split("\n\n")[0].split("\n") if "Platform:" in said else []


class Platforms(unittest.TestCase):
    def test_each_is_named_with_its_preset(self):
        for preset, (name, _) in NODES.items():
            (line,) = platform(notes([PRIVILEGED, READS, gpu_node(preset)]))
            with self.subTest(preset):
                self.assertIn(preset, PRESETS)
                self.assertIn(f"nodes of {name}", line)
                # What selects nodes apart, the defaults do what EKS and AKS need.
                self.assertEqual(f"NOT in force: --values presets/{preset}.yaml" in line, preset not in ("eks", "aks"))

    def test_one_that_is_used_is_in_force(self):
        for preset in NODES:
            (line,) = platform(notes([PRIVILEGED, READS, gpu_node(preset)], presets=[preset]))
            with self.subTest(preset):
                self.assertIn("what its preset says is in force", line)

    def test_several(self):
        said = notes([PRIVILEGED, READS, gpu_node("aks", "a"), gpu_node("eks", "b"), gpu_node("eks", "c")])
        self.assertEqual(len(platform(said)), 2)

    def test_none(self):
        self.assertEqual(platform(notes([PRIVILEGED, READS, node("gpu-a", {"gpu": "nvidia"})])), [])
        self.assertEqual(platform(notes([PRIVILEGED, READS, gpu_node("aks")], {"lookup": False})), [])


if __name__ == "__main__":
    unittest.main()
