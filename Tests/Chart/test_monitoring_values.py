"""The ready values for the charts that bring node_exporter, and those for this chart beside them."""

import unittest

import yaml

from rendering import CHART, collector, of_kind, pod_spec, render

MONITORING = CHART / "monitoring"
# Where the node's root is mounted in node_exporter's container, by the chart prometheus-node-exporter.
HOST_ROOT = "/host/root"
FS_TYPES = (
    "autofs|binfmt_misc|bpf|cgroup2?|configfs|debugfs|devpts|devtmpfs|fusectl|hugetlbfs|iso9660|mqueue|nsfs|overlay|proc|procfs|pstore"
    "|rpc_pipefs|securityfs|selinuxfs|squashfs|sysfs|tracefs|erofs"
)
# The arguments that each chart gives by default, and that a list of one's own replaces.
DEFAULTS = {
    "kube-prometheus-stack": {
        "--collector.filesystem.mount-points-exclude": "^/(dev|proc|sys|run/containerd/.+|var/lib/docker/.+|var/lib/kubelet/.+)($|/)",
        "--collector.filesystem.fs-types-exclude": f"^({FS_TYPES})$",
    },
    "rancher-monitoring": {
        "--collector.filesystem.mount-points-exclude": "^/(dev|proc|sys|var/lib/docker/.+|var/lib/kubelet/.+)($|/)",
        "--collector.filesystem.fs-types-exclude": f"^({FS_TYPES})$",
    },
}


def values_of(name):
    return yaml.safe_load((MONITORING / f"{name}.yaml").read_text(encoding="utf-8"))


class NodeExporter(unittest.TestCase):
    def test_its_own_arguments_stay_and_the_directory_is_the_one_of_the_chart(self):
        directory = yaml.safe_load((CHART / "values.yaml").read_text(encoding="utf-8"))["textfile"]["directory"]
        for name, defaults in DEFAULTS.items():
            with self.subTest(name):
                arguments = dict(item.split("=", 1) for item in values_of(name)["prometheus-node-exporter"]["extraArgs"])
                self.assertEqual(arguments, {**defaults, "--collector.textfile.directory": HOST_ROOT + directory})

    def test_the_root_of_the_node_is_mounted(self):
        for name in DEFAULTS:
            mount = values_of(name)["prometheus-node-exporter"]["hostRootFsMount"]
            self.assertEqual(mount, {"enabled": True, "mountPropagation": "HostToContainer"})


class Rancher(unittest.TestCase):
    def setUp(self):
        self.manifests = render(arguments=("--values", str(MONITORING / "rancher-k3s-gpu-sessions.yaml")))

    def test_nodes_that_can_mig_have_a_workload_with_the_right_to_monitor_it_and_others_have_none(self):
        rights = {}
        for job in of_kind(self.manifests, "CronJob"):
            capable = pod_spec(job)["nodeSelector"]["nvidia.com/mig.capable"]
            monitor = "NVIDIA_MIG_MONITOR_DEVICES" in [variable["name"] for variable in collector(job)["env"]]
            rights[capable] = (monitor, collector(job)["securityContext"]["capabilities"])
        self.assertEqual(rights, {"true": (True, {"drop": ["ALL"], "add": ["SYS_ADMIN"]}), "false": (False, {"drop": ["ALL"]})})

    def test_it_reads_k3s_own_containerd_through_the_nvidia_runtime(self):
        for job in of_kind(self.manifests, "CronJob"):
            paths = [volume["hostPath"]["path"] for volume in pod_spec(job)["volumes"]]
            self.assertIn("/run/k3s/containerd/io.containerd.runtime.v2.task", paths)
            self.assertEqual(pod_spec(job)["runtimeClassName"], "nvidia")

    def test_dashboards_are_where_ranchers_grafana_looks(self):
        maps = of_kind(self.manifests, "ConfigMap")
        self.assertTrue(maps)
        for item in maps:
            self.assertEqual(item["metadata"]["namespace"], "cattle-dashboards")
            self.assertEqual(item["metadata"]["labels"]["grafana_dashboard"], "1")


if __name__ == "__main__":
    unittest.main()
