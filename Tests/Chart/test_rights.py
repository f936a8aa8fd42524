"""The collector has the rights it needs and no more."""

import unittest

import yaml

from combinations import ADDED, VALUES, all_manifests, workloads
from rendering import CHART, RenderError, collector, of_kind, pod_spec, render

# Directories of the node that hold a socket: the kubelet keeps its own beside the checkpoint and in its root.
WITH_SOCKETS = {"/var/lib/kubelet/device-plugins", "/var/lib/kubelet"}
READ = {
    "/sys/fs/cgroup",
    "/var/log/pods",
    "/var/log/containers",
    "/run/containerd/io.containerd.runtime.v2.task",
    "/run/k3s/containerd/io.containerd.runtime.v2.task",
    "/var/lib/containers/storage/overlay-containers",
    "/etc/passwd",
    "/home/kubernetes/bin/nvidia",
    "/opt/driver",
    "/dev/null",
}
TEXTFILE = "/var/lib/node_exporter/textfile_collector"
# Combinations that have a right more, and which.
PRIVILEGED = {"preset gke-cos", "preset gke-ubuntu", "preset privileged", "preset pools-mixed", "preset privileged after bottlerocket"}
CAPABILITIES = {
    "preset mig": {"SYS_ADMIN"},
    "preset mig after gpu-operator": {"SYS_ADMIN"},
    "preset pools-mixed": {"SYS_ADMIN"},
    "preset foreign-textfile-owner": {"DAC_OVERRIDE"},
    "preset foreign-textfile-owner after k3s": {"DAC_OVERRIDE"},
}


def every_workload(release=None):
    return [(name, workload) for name, manifests in all_manifests(release).items() for workload in workloads(manifests)]


def read_only(workload):
    """Its mounts of files that are read. The one by which devices are asked for is a device itself."""
    return [mount for mount in collector(workload)["volumeMounts"] if mount.get("readOnly") and mount["name"] != "devices"]


class Everywhere(unittest.TestCase):
    def test_no_gpu_is_requested(self):
        for name, workload in every_workload():
            with self.subTest(name):
                resources = collector(workload)["resources"]
                asked = set(resources.get("requests", {})) | set(resources.get("limits", {}))
                self.assertLessEqual(asked, {"cpu", "memory"})
                self.assertNotIn("resourceClaims", pod_spec(workload))
        for kind in ("limits", "requests"):
            with self.assertRaisesRegex(RenderError, "nvidia.com/gpu"):
                render({f"collection.resources.{kind}": {"nvidia.com/gpu": 1}})

    def test_only_the_textfile_directory_is_writable(self):
        for name, workload in every_workload():
            with self.subTest(name):
                mounts = collector(workload)["volumeMounts"]
                writable = [mount["name"] for mount in mounts if not mount.get("readOnly")]
                volumes = {volume["name"]: volume["hostPath"]["path"] for volume in pod_spec(workload)["volumes"]}
                self.assertEqual([volumes[entry] for entry in writable], [TEXTFILE])

    def test_what_is_mounted_below_a_read_only_mount_is_read_only_too_where_the_release_can(self):
        for release, expected in (("1.25", None), ("1.30", None), ("1.31", "IfPossible"), ("1.37", "IfPossible")):
            for name, workload in every_workload(release):
                with self.subTest(name, release=release):
                    found = {mount.get("recursiveReadOnly") for mount in read_only(workload) if "mountPropagation" not in mount}
                    self.assertLessEqual(found, {expected})
        (job,) = of_kind(render(arguments=("--kube-version", "v1.31.2-eks-7f9249a")), "CronJob")
        self.assertEqual([mount.get("recursiveReadOnly") for mount in read_only(job)], ["IfPossible"] * 6)

    def test_nothing_but_the_kubelets_directory_follows_the_node(self):
        following = 0
        for name, workload in every_workload():
            with self.subTest(name):
                volumes = {volume["name"]: volume["hostPath"]["path"] for volume in pod_spec(workload)["volumes"]}
                mounts = [mount for mount in read_only(workload) if "mountPropagation" in mount]
                self.assertLessEqual({volumes[mount["name"]] for mount in mounts}, {"/var/lib/kubelet"})
                # The API server refuses the two together.
                self.assertEqual([mount for mount in mounts if "recursiveReadOnly" in mount], [])
                following += len(mounts)
        self.assertGreater(following, 0)

    def test_nothing_is_mounted_but_what_is_documented(self):
        for name, workload in every_workload():
            with self.subTest(name):
                volumes = pod_spec(workload)["volumes"]
                self.assertTrue(all(set(volume) == {"name", "hostPath"} for volume in volumes))
                self.assertLessEqual({volume["hostPath"]["path"] for volume in volumes}, READ | WITH_SOCKETS | {TEXTFILE})
                mounted = [mount["name"] for mount in collector(workload)["volumeMounts"]]
                self.assertEqual(sorted(mounted), sorted(volume["name"] for volume in volumes))

    def test_a_runtime_directory_with_a_socket_is_refused(self):
        for path in ("/run/containerd", "/run/k3s/containerd", "/run/crio", "/var/run", "/run", "/var/lib/docker", "/var/lib/containers/storage"):
            with self.subTest(path), self.assertRaisesRegex(RenderError, rf"hostPaths\.runtime: {path} is not mounted.*/io\.containerd\.runtime\.v2\.task"):
                render({"hostPaths.runtime": path})
        with self.assertRaisesRegex(RenderError, r"hostPaths\.runtime: /run/containerd is not mounted"):
            render({"pools": [{"name": "a", "hostPaths": {"runtime": "/run/containerd"}}]})

    def test_pods_have_no_token_no_network_of_the_node_and_the_nodes_pids(self):
        for name, workload in every_workload():
            with self.subTest(name):
                spec = pod_spec(workload)
                self.assertEqual((spec["hostPID"], spec["automountServiceAccountToken"]), (True, False))
                self.assertNotIn("hostNetwork", spec)
                self.assertNotIn("hostIPC", spec)
        for account in of_kind(render(), "ServiceAccount"):
            self.assertIs(account["automountServiceAccountToken"], False)

    def test_rights_of_the_container(self):
        for name, manifests in all_manifests().items():
            contexts = [collector(workload)["securityContext"] for workload in workloads(manifests)]
            with self.subTest(name):
                self.assertEqual(any(context.get("privileged") for context in contexts), name in PRIVILEGED)
                added = {entry for context in contexts for entry in context.get("capabilities", {}).get("add", [])}
                self.assertEqual(added, CAPABILITIES.get(name, set()))
                for context in contexts:
                    self.assertIs(context["readOnlyRootFilesystem"], True)
                    if not context.get("privileged"):
                        self.assertEqual(context["capabilities"]["drop"], ["ALL"])
                        self.assertIs(context["allowPrivilegeEscalation"], False)
                        self.assertEqual(context["seccompProfile"], {"type": "RuntimeDefault"})

    def test_a_privileged_container_says_nothing_that_the_api_server_refuses_beside_it(self):
        (job,) = of_kind(render(presets=["privileged"]), "CronJob")
        self.assertEqual(
            collector(job)["securityContext"], {"privileged": True, "readOnlyRootFilesystem": True, "runAsUser": 0, "runAsGroup": 0}
        )


class Default(unittest.TestCase):
    def setUp(self):
        (self.job,) = of_kind(render(), "CronJob")

    def test_security_context(self):
        self.assertEqual(
            collector(self.job)["securityContext"],
            {
                "runAsUser": 0,
                "runAsGroup": 0,
                "privileged": False,
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
                "seccompProfile": {"type": "RuntimeDefault"},
            },
        )

    def test_what_is_read(self):
        paths = {volume["hostPath"]["path"] for volume in pod_spec(self.job)["volumes"]}
        self.assertEqual(
            paths,
            {
                "/sys/fs/cgroup",
                "/var/log/pods",
                "/var/log/containers",
                "/run/containerd/io.containerd.runtime.v2.task",
                "/var/lib/kubelet/device-plugins",
                "/etc/passwd",
                TEXTFILE,
            },
        )

    def test_the_collector_finds_it_below_host(self):
        mounts = {mount["name"]: mount["mountPath"] for mount in collector(self.job)["volumeMounts"]}
        self.assertEqual(mounts.pop("textfile"), "/textfile")
        volumes = {volume["name"]: volume["hostPath"]["path"] for volume in pod_spec(self.job)["volumes"]}
        self.assertEqual({name: "/host" + volumes[name] for name in mounts}, mounts)

    def test_how_the_job_runs(self):
        spec = self.job["spec"]
        self.assertEqual(spec["concurrencyPolicy"], "Forbid")
        self.assertEqual((spec["startingDeadlineSeconds"], spec["successfulJobsHistoryLimit"], spec["failedJobsHistoryLimit"]), (30, 3, 3))
        job = spec["jobTemplate"]["spec"]
        self.assertEqual((job["activeDeadlineSeconds"], job["backoffLimit"], job["ttlSecondsAfterFinished"]), (55, 0, 300))
        annotations = job["template"]["metadata"]["annotations"]
        self.assertEqual(annotations["cluster-autoscaler.kubernetes.io/safe-to-evict"], "true")
        self.assertEqual(pod_spec(self.job)["restartPolicy"], "Never")

    def test_a_cordoned_node_is_served_whatever_the_tolerations(self):
        for values in ({}, {"tolerations": []}, {"collection.nodes": ["a"]}):
            (job,) = of_kind(render(values), "CronJob")
            self.assertIn(
                {"key": "node.kubernetes.io/unschedulable", "operator": "Exists", "effect": "NoSchedule"}, pod_spec(job)["tolerations"]
            )

    def test_the_priority_class_never_preempts(self):
        manifests = render({"priorityClass.create": True})
        (made,) = of_kind(manifests, "PriorityClass")
        self.assertEqual((made["preemptionPolicy"], made["globalDefault"], made["value"]), ("Never", False, 1000))
        self.assertEqual(pod_spec(of_kind(manifests, "CronJob")[0])["priorityClassName"], made["metadata"]["name"])
        (job,) = of_kind(render({"priorityClass.name": "mine"}), "CronJob")
        self.assertEqual(pod_spec(job)["priorityClassName"], "mine")
        self.assertNotIn("priorityClassName", pod_spec(self.job))


class ElsewhereOnTheNode(unittest.TestCase):
    """A directory that lies elsewhere is mounted where the collector looks for it."""

    def mounts(self, values):
        (job,) = of_kind(render(values), "CronJob")
        volumes = {volume["name"]: volume["hostPath"]["path"] for volume in pod_spec(job)["volumes"]}
        return {volumes[mount["name"]]: mount["mountPath"] for mount in collector(job)["volumeMounts"]}, collector(job)["args"]

    def test_logs_cgroup_and_passwd(self):
        found, _ = self.mounts({"hostPaths": {"podLogs": "/data/pods", "containerLogs": "/data/links", "cgroup": "/cg", "passwd": "/p"}})
        self.assertEqual(found["/data/pods"], "/host/var/log/pods")
        self.assertEqual(found["/data/links"], "/host/var/log/containers")
        self.assertEqual((found["/cg"], found["/p"]), ("/host/sys/fs/cgroup", "/host/etc/passwd"))

    def test_runtimes(self):
        expected = {
            "/data/docker/containers": "/host/var/lib/docker/containers",
            "/data/storage/overlay-containers": "/host/var/lib/containers/storage/overlay-containers",
            "/run/k0s/containerd/io.containerd.runtime.v2.task": "/host/run/k0s/containerd/io.containerd.runtime.v2.task",
        }
        for path, mount in expected.items():
            self.assertEqual(self.mounts({"hostPaths.runtime": path})[0][path], mount)

    def test_the_kubelet(self):
        root = "/var/snap/microk8s/common/var/lib/kubelet"
        found, arguments = self.mounts({"kubeletRoot": root, "hostPaths.devicePlugins": "/elsewhere"})
        self.assertEqual(found["/elsewhere"], f"/host{root}/device-plugins")
        self.assertEqual(arguments[arguments.index("--kubelet-root") + 1], f"/host{root}")

    def test_what_is_empty_is_not_mounted_and_which_pods_are_alive_is_asked_only_with_the_kubelets_files(self):
        for resources in (False, True):
            found, _ = self.mounts({"hostPaths.devicePlugins": "", "dynamicResourceAllocation": resources})
            self.assertEqual("/sys/fs/cgroup" in found, resources)
        found, _ = self.mounts(VALUES["nothing mounted"])
        self.assertEqual(found, {TEXTFILE: "/textfile"})


class PresetComments(unittest.TestCase):
    def test_a_preset_says_why_and_whether_it_was_verified(self):
        for path in sorted((CHART / "presets").glob("*.yaml")):
            with self.subTest(path.stem):
                text = path.read_text()
                self.assertTrue(text.startswith("# "))
                if path.stem not in ("foreign-textfile-owner", "privileged"):
                    self.assertIn("Not verified on such a cluster.", text)
                    self.assertIn("Source: ", text.replace("Sources: ", "Source: "))
                self.assertIsInstance(yaml.safe_load(text), dict)
        self.assertLessEqual(set(ADDED), {path.stem for path in (CHART / "presets").glob("*.yaml")})


if __name__ == "__main__":
    unittest.main()
