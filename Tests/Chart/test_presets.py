"""Each preset renders what its platform needs."""

import unittest

from combinations import ADDED, PRESETS
from rendering import RenderError, collector, of_kind, pod_spec, render

TASKS = "/run/containerd/io.containerd.runtime.v2.task"
RUNTIME = {
    "k3s": "/run/k3s/containerd/io.containerd.runtime.v2.task",
    "crio": "/var/lib/containers/storage/overlay-containers",
    "openshift": "/var/lib/containers/storage/overlay-containers",
}
CLASS = dict.fromkeys(("gpu-operator", "k3s", "containerd-nvidia-runtime", "openshift", "crio"), "nvidia")


def job(*presets, values=None):
    (found,) = of_kind(render(values, presets), "CronJob")
    return found


def environment(workload):
    return {entry["name"]: entry.get("value") for entry in collector(workload)["env"]}


def paths(workload):
    return {volume["name"]: volume["hostPath"]["path"] for volume in pod_spec(workload)["volumes"]}


class Platforms(unittest.TestCase):
    def test_all_that_were_promised_are_there(self):
        promised = "gpu-operator k3s containerd-nvidia-runtime gke-cos gke-ubuntu eks bottlerocket aks openshift crio pools-mixed"
        self.assertEqual(set(PRESETS), {*promised.split(), *ADDED})

    def test_runtime_class_and_runtime_directory(self):
        for name in set(PRESETS) - {"pools-mixed"}:
            with self.subTest(name):
                self.assertEqual(pod_spec(job(name)).get("runtimeClassName"), CLASS.get(name))
                self.assertEqual(paths(job(name))["runtime"], RUNTIME.get(name, TASKS))

    def test_gke_mounts_the_driver_and_is_privileged(self):
        for name, system in (("gke-cos", "cos"), ("gke-ubuntu", "ubuntu")):
            with self.subTest(name):
                found = job(name)
                self.assertEqual(paths(found)["driver"], "/home/kubernetes/bin/nvidia")
                self.assertIn("--nvidia-smi /usr/local/nvidia/bin/nvidia-smi", " ".join(collector(found)["args"]))
                self.assertEqual(environment(found)["LD_LIBRARY_PATH"], "/usr/local/nvidia/lib64")
                self.assertNotIn("NVIDIA_VISIBLE_DEVICES", environment(found))
                self.assertIs(collector(found)["securityContext"]["privileged"], True)
                self.assertIn(f"'{system}'", str(pod_spec(found)["affinity"]))

    def test_bottlerocket_asks_for_devices_by_a_mount(self):
        found = job("bottlerocket")
        self.assertEqual(paths(found)["devices"], "/dev/null")
        (mount,) = [mount for mount in collector(found)["volumeMounts"] if mount["name"] == "devices"]
        self.assertEqual(mount["mountPath"], "/var/run/nvidia-container-devices/all")
        self.assertEqual(environment(found)["NVIDIA_VISIBLE_DEVICES"], "/var/run/nvidia-container-devices")

    def test_aks_tolerates_what_its_node_pools_have(self):
        keys = {entry["key"] for entry in pod_spec(job("aks"))["tolerations"]}
        self.assertLessEqual({"nvidia.com/gpu", "sku", "kubernetes.azure.com/scalesetpriority"}, keys)

    def test_mig_adds_the_variable_and_the_capability_that_the_toolkit_wants_for_it(self):
        for presets in (["mig"], ["gpu-operator", "mig"]):
            found = job(*presets)
            self.assertEqual(environment(found)["NVIDIA_MIG_MONITOR_DEVICES"], "all")
            self.assertEqual(collector(found)["securityContext"]["capabilities"], {"add": ["SYS_ADMIN"], "drop": ["ALL"]})
        self.assertNotIn("NVIDIA_MIG_MONITOR_DEVICES", environment(job("gpu-operator")))

    def test_pools_mixed(self):
        manifests = render(presets=["pools-mixed"])
        named = {entry["metadata"]["name"].removeprefix("gpu-session-metrics-collector-"): entry for entry in manifests}
        self.assertEqual({name: named[name]["kind"] for name in ("mig", "whole", "gke")}, {"mig": "CronJob", "whole": "CronJob", "gke": "DaemonSet"})
        self.assertEqual(pod_spec(named["whole"])["runtimeClassName"], "nvidia")
        self.assertNotIn("runtimeClassName", pod_spec(named["gke"]))
        self.assertNotIn("add", collector(named["whole"])["securityContext"]["capabilities"])


class OpenShift(unittest.TestCase):
    def constraints(self, values=None, presets=("openshift",)):
        (found,) = of_kind(render(values, presets), "SecurityContextConstraints")
        return found

    def test_constraints_allow_what_the_pods_have(self):
        found, pods = self.constraints(), pod_spec(job("openshift"))
        self.assertEqual(found["users"], [f"system:serviceaccount:monitoring:{pods['serviceAccountName']}"])
        self.assertEqual((found["allowHostPID"], found["allowHostDirVolumePlugin"], found["volumes"]), (True, True, ["hostPath"]))
        self.assertEqual((found["readOnlyRootFilesystem"], found["requiredDropCapabilities"]), (True, ["ALL"]))
        self.assertEqual(found["seccompProfiles"], ["runtime/default"])
        self.assertEqual(pods["securityContext"], {"seLinuxOptions": {"type": "spc_t"}})

    def test_and_nothing_else(self):
        found = self.constraints()
        for right in ("HostIPC", "HostNetwork", "HostPorts", "PrivilegedContainer", "PrivilegeEscalation"):
            self.assertIs(found[f"allow{right}"], False)
        self.assertEqual((found["allowedCapabilities"], found["groups"]), ([], []))

    def test_they_follow_the_rights_of_the_pods(self):
        self.assertEqual(self.constraints(presets=("openshift", "mig"))["allowedCapabilities"], ["SYS_ADMIN"])
        privileged = self.constraints(presets=("openshift", "privileged"))
        self.assertEqual((privileged["allowPrivilegedContainer"], privileged["allowPrivilegeEscalation"]), (True, True))
        self.assertEqual(privileged["seccompProfiles"], ["*"])

    def test_they_are_not_for_an_account_that_others_use(self):
        with self.assertRaisesRegex(RenderError, "serviceAccount.name"):
            self.constraints({"serviceAccount.create": False})


if __name__ == "__main__":
    unittest.main()
