"""Values by which a cluster's own rules are kept: registry, annotations, volumes, network, update, limits."""

import unittest

import yaml

from combinations import workloads
from rendering import CHART, RenderError, collector, of_kind, pod_spec, render

SET = {"collection.mode": "daemonset"}


def job(values=None):
    (found,) = of_kind(render(values), "CronJob")
    return found


def daemon_set(values=None):
    (found,) = of_kind(render({**SET, **(values or {})}), "DaemonSet")
    return found


class Image(unittest.TestCase):
    def image(self, values):
        return collector(job(values))["image"]

    def test_registry(self):
        self.assertEqual(self.image({"image.registry": "registry.example/team/"}), "registry.example/team/gpu-sessions:0.1.0")
        self.assertEqual(self.image({"global.imageRegistry": "mirror.example"}), "mirror.example/gpu-sessions:0.1.0")
        both = {"global.imageRegistry": "mirror.example", "image.registry": "registry.example", "image.digest": "sha256:" + "0" * 64}
        self.assertEqual(self.image(both), "mirror.example/gpu-sessions@sha256:" + "0" * 64)

    def test_every_pod_has_the_same(self):
        values = {"image.registry": "registry.example", "collection.nodes": ["a"], "global.imagePullSecrets": ["mine", {"name": "theirs"}]}
        manifests = render({**values, "imagePullSecrets": [{"name": "theirs"}, {"name": "own"}]})
        pods = [pod_spec(job({**values, "imagePullSecrets": [{"name": "theirs"}, {"name": "own"}]}))]
        pods += [entry["spec"]["template"]["spec"] for entry in of_kind(manifests, "Job")] + [entry["spec"] for entry in of_kind(manifests, "Pod")]
        self.assertEqual(len(pods), 3)
        for pod in pods:
            self.assertEqual(pod["containers"][0]["image"], "registry.example/gpu-sessions:0.1.0")
            self.assertEqual(pod["imagePullSecrets"], [{"name": "mine"}, {"name": "theirs"}, {"name": "own"}])


class Pods(unittest.TestCase):
    def test_volumes(self):
        volume, mount = {"name": "certs", "configMap": {"name": "ca"}}, {"name": "certs", "mountPath": "/certs", "readOnly": True}
        values = {"extraVolumes": [volume], "extraVolumeMounts": [mount]}
        spec = pod_spec(job(values))
        self.assertEqual((spec["volumes"][-1], spec["containers"][0]["volumeMounts"][-1]), (volume, mount))
        (constraints,) = of_kind(render({**values, "openshift.scc": True}), "SecurityContextConstraints")
        self.assertEqual(constraints["volumes"], ["configMap", "hostPath"])

    def test_security_context(self):
        values = {"podSecurityContext": {"supplementalGroups": [44]}, "seLinuxOptions": {"type": "spc_t"}}
        self.assertEqual(pod_spec(job(values))["securityContext"], {"supplementalGroups": [44], "seLinuxOptions": {"type": "spc_t"}})
        self.assertNotIn("securityContext", pod_spec(job()))

    def test_network(self):
        spec = pod_spec(job({"hostNetwork": True, "dnsPolicy": "Default"}))
        self.assertEqual((spec["hostNetwork"], spec["dnsPolicy"]), (True, "Default"))
        self.assertNotIn("dnsPolicy", pod_spec(job()))
        (constraints,) = of_kind(render({"hostNetwork": True, "openshift.scc": True}), "SecurityContextConstraints")
        self.assertIs(constraints["allowHostNetwork"], True)

    def test_end(self):
        self.assertEqual(pod_spec(job())["terminationGracePeriodSeconds"], 5)
        self.assertEqual(pod_spec(job({"terminationGracePeriodSeconds": 0}))["terminationGracePeriodSeconds"], 0)

    def test_a_pool_has_its_own(self):
        pools = [{"name": "a", "hostNetwork": True, "dnsPolicy": "None"}, {"name": "b", "nodeSelector": {"x": "y"}}]
        found = {entry["metadata"]["name"][-1]: pod_spec(entry).get("hostNetwork") for entry in workloads(render({"pools": pools}))}
        self.assertEqual(found, {"a": True, "b": None})


class Workloads(unittest.TestCase):
    def test_annotations(self):
        annotations = {"workloadAnnotations": {"argocd.argoproj.io/sync-wave": 1}}
        self.assertEqual(daemon_set(annotations)["metadata"]["annotations"], {"argocd.argoproj.io/sync-wave": "1"})
        found = job({**annotations, "collection.nodes": ["a"]})["metadata"]["annotations"]
        self.assertEqual(found, {"argocd.argoproj.io/sync-wave": "1", "gpu-sessions/node": "a"})
        (account,) = of_kind(render({"serviceAccount.annotations": {"rank": 2}}), "ServiceAccount")
        self.assertEqual(account["metadata"]["annotations"], {"rank": "2"})

    def test_update(self):
        self.assertEqual(daemon_set()["spec"]["updateStrategy"], {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": "10%"}})
        self.assertEqual(daemon_set({"updateStrategy": {"type": "OnDelete"}})["spec"]["updateStrategy"], {"type": "OnDelete"})
        surge = {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}
        self.assertEqual(daemon_set({"updateStrategy": surge})["spec"]["updateStrategy"], surge)
        self.assertEqual([daemon_set()["spec"]["revisionHistoryLimit"], daemon_set({"revisionHistoryLimit": 0})["spec"]["revisionHistoryLimit"]], [10, 0])

    def test_cron(self):
        spec = job({"collection.timeZone": "Etc/UTC", "collection.suspend": True})["spec"]
        self.assertEqual((spec["timeZone"], spec["suspend"]), ("Etc/UTC", True))
        self.assertFalse({"timeZone", "suspend"} & set(job()["spec"]))

    def test_mig_utilization(self):
        self.assertIn("--mig-utilization", collector(job({"collection.migUtilization": True}))["args"])
        self.assertNotIn("--mig-utilization", collector(job())["args"])

    def test_a_network_policy_denies_everything(self):
        (policy,) = of_kind(render({"networkPolicy.enabled": True}), "NetworkPolicy")
        labels = job()["spec"]["jobTemplate"]["spec"]["template"]["metadata"]["labels"]
        self.assertEqual(set(policy["spec"]), {"podSelector", "policyTypes"})
        self.assertEqual(policy["spec"]["policyTypes"], ["Ingress", "Egress"])
        self.assertLessEqual(set(policy["spec"]["podSelector"]["matchLabels"].items()), set(labels.items()))

    def test_numbers_are_text_where_kubernetes_wants_text(self):
        values = {"dashboards": {"labels": {"grafana_dashboard": 1}, "annotations": {"order": 7}}, "labels": {"cost-center": 4711}}
        for entry in render(values):
            for which in ("labels", "annotations"):
                self.assertTrue(all(isinstance(value, str) for value in entry["metadata"].get(which, {}).values()), entry["metadata"])


class Resources(unittest.TestCase):
    def limits(self, *arguments):
        return collector(of_kind(render(arguments=arguments), "CronJob")[0])["resources"]["limits"]

    def test_null_takes_a_limit_away(self):
        self.assertEqual(self.limits("--set", "collection.resources.limits.cpu=null"), {"memory": "256Mi"})
        self.assertEqual(self.limits("--set", "gpu-session-monitoring.collection.resources.limits.cpu=null"), {"memory": "256Mi"})
        self.assertEqual(self.limits("--set", "collection.resources.limits=null"), {})
        self.assertEqual(self.limits("--set", "gpu-session-monitoring.collection.resources.limits=null"), {})

    def test_what_is_not_spoken_of_stays(self):
        for prefix in ("", "gpu-session-monitoring."):
            self.assertEqual(self.limits("--set", f"{prefix}collection.resources.limits.cpu=1"), {"memory": "256Mi", "cpu": 1})

    def test_of_a_pool(self):
        pools = [{"name": "a", "collection": {"resources": {"limits": {"cpu": None}}}}]
        (found,) = workloads(render({"pools": pools}))
        self.assertEqual(collector(found)["resources"], {"limits": {"memory": "256Mi"}, "requests": {"memory": "128Mi", "cpu": "100m"}})


class Schedules(unittest.TestCase):
    def test_what_kubernetes_takes(self):
        for schedule in ("*/5 * * * *", "0,30 8-18 * * mon-FRI", "1-59/2 0 1 JAN ?", "5/15 23 31 12 6", "@hourly", "07 * * * *"):
            with self.subTest(schedule):
                self.assertEqual(job({"collection.schedule": schedule})["spec"]["schedule"], schedule)

    def test_what_it_refuses_is_refused_with_the_field(self):
        wrong = {
            "61 * * * *": "minute", "60 * * * *": "minute", "*/0 * * * *": "minute", "30-10 * * * *": "minute", "-1 * * * *": "minute",
            "0, * * * *": "minute", "* 24 * * *": "hour", "* * 0 * *": "day of the month", "* * 32 * *": "day of the month", "* * * 13 *": "month",
            "* * * foo *": "month", "* * * * 7": "day of the week", "jan * * * *": "minute", "* * * * jan": "day of the week",
        }  # fmt: skip
        for schedule, field in wrong.items():
            with self.subTest(schedule), self.assertRaisesRegex(RenderError, f"collection.schedule .* is no {field}: "):
                render({"collection.schedule": schedule})

    def test_an_interval_that_a_run_does_not_live_to_see_is_refused(self):
        with self.assertRaisesRegex(RenderError, r"collection.interval \(45 s\) has to be below .* \(45 s\)"):
            render({"collection.interval": 45})
        self.assertTrue(job({"collection.interval": 44}))
        self.assertTrue(daemon_set({"collection.interval": 300}))


class Examples(unittest.TestCase):
    def test_each_file_of_values_for_ci_says_what_it_is_for_and_renders(self):
        files = sorted((CHART / "ci").glob("*-values.yaml"))
        self.assertGreaterEqual(len(files), 4)
        for path in files:
            with self.subTest(path.name):
                self.assertTrue(path.read_text().startswith("# "))
                self.assertIsInstance(yaml.safe_load(path.read_text()), dict)
                self.assertTrue(workloads(render(arguments=("--values", str(path)))))


if __name__ == "__main__":
    unittest.main()
