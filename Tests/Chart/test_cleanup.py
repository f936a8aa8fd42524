"""What `helm uninstall` does about the published files."""

import unittest

from rendering import collector, of_kind, render


def hooks(values):
    return of_kind(render(values), "Job")


class Cleanup(unittest.TestCase):
    def test_one_job_has_a_pod_for_every_known_node(self):
        (job,) = hooks({"collection.nodes": ["gpu-a", "gpu-b", "gpu-c"]})
        self.assertEqual(job["metadata"]["annotations"]["helm.sh/hook"], "post-delete")
        self.assertEqual((job["spec"]["completions"], job["spec"]["parallelism"]), (3, 3))
        affinity = job["spec"]["template"]["spec"]["affinity"]
        terms = affinity["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"]
        # Kubernetes takes one value per field expression.
        self.assertEqual([term["matchFields"][0]["values"] for term in terms], [["gpu-a"], ["gpu-b"], ["gpu-c"]])
        (apart,) = affinity["podAntiAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]
        labels = job["spec"]["template"]["metadata"]["labels"]
        self.assertEqual(apart["labelSelector"]["matchLabels"], labels)

    def test_it_never_blocks(self):
        (job,) = hooks({"collection.nodes": ["gpu-a"]})
        self.assertLessEqual(job["spec"]["activeDeadlineSeconds"], 30)
        self.assertEqual(job["spec"]["backoffLimit"], 0)
        policies = job["metadata"]["annotations"]["helm.sh/hook-delete-policy"].split(",")
        self.assertEqual(sorted(policies), ["before-hook-creation", "hook-failed", "hook-succeeded"])

    def test_it_removes_what_the_collector_publishes(self):
        manifests = render({"collection.nodes": ["gpu-a"], "textfile.directory": "/data/textfile"})
        (job,), (workload,) = of_kind(manifests, "Job"), of_kind(manifests, "CronJob")
        pod = job["spec"]["template"]["spec"]
        (container,) = pod["containers"]
        published = collector(workload)["args"]
        self.assertEqual(container["args"][:3], ["remove", "--output", published[published.index("--output") + 1]])
        self.assertEqual(pod["volumes"][0]["hostPath"]["path"], "/data/textfile")
        self.assertEqual(container["image"], collector(workload)["image"])
        self.assertEqual(container["securityContext"], collector(workload)["securityContext"])
        # The chart's own account is deleted before the hook runs.
        self.assertNotIn("serviceAccountName", pod)

    def test_without_known_nodes_or_wish_there_is_none(self):
        self.assertEqual(hooks({}), [])
        self.assertEqual(hooks({"collection.nodes": ["gpu-a"], "cleanup.enabled": False}), [])
        many = {"collection.nodes": ["a", "b", "c"], "collection.maxCronJobs": 2, "collection.mode": "daemonset"}
        self.assertEqual(hooks(many), [])


if __name__ == "__main__":
    unittest.main()
