"""What runs on the nodes: kinds, names, binding to nodes, arguments."""

import unittest

from rendering import RenderError, collector, of_kind, pod_spec, render


def cron_jobs(values=None):
    return of_kind(render(values), "CronJob")


class KnownNodes(unittest.TestCase):
    def test_without_known_nodes_there_is_one_cron_job(self):
        (job,) = cron_jobs()
        self.assertEqual(job["metadata"]["name"], "gpu-session-metrics-collector")
        self.assertEqual(job["metadata"]["namespace"], "monitoring")

    def test_each_named_node_has_a_cron_job_bound_to_it_by_name(self):
        jobs = cron_jobs({"collection.nodes": ["gpu-a", "gpu-b"]})
        bound = [
            term["matchFields"]
            for job in jobs
            for term in pod_spec(job)["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"]
        ]
        self.assertEqual(bound, [[{"key": "metadata.name", "operator": "In", "values": [name]}] for name in ("gpu-a", "gpu-b")])

    def test_names_fit_and_stay_apart(self):
        long = "ip-10-0-0-1.a-very-long-region.compute.internal"
        names = [job["metadata"]["name"] for job in cron_jobs({"collection.nodes": [long + "1", long + "2", "a.b", "a-b"]})]
        self.assertEqual(len(set(names)), 4)
        self.assertLessEqual(max(map(len, names)), 52)

    def test_too_many_nodes_name_the_way_out(self):
        with self.assertRaisesRegex(RenderError, "collection.mode=daemonset"):
            render({"collection.nodes": ["a", "b", "c"], "collection.maxCronJobs": 2})


class Deadlines(unittest.TestCase):
    def test_a_timeout_that_the_run_does_not_live_to_see_is_refused(self):
        with self.assertRaisesRegex(RenderError, "collection.timeout .60 s. has to be below collection.activeDeadlineSeconds .55 s."):
            render({"collection.timeout": 60})
        self.assertEqual(len(cron_jobs({"collection.timeout": 100, "collection.activeDeadlineSeconds": 110, "collection.schedule": "*/2 * * * *"})), 1)
        self.assertEqual(len(of_kind(render({"collection.mode": "daemonset", "collection.timeout": 60}), "DaemonSet")), 1)


class Modes(unittest.TestCase):
    def test_a_daemon_set_loops(self):
        (workload,) = of_kind(render({"collection.mode": "daemonset"}), "DaemonSet")
        arguments = collector(workload)["args"]
        self.assertEqual(arguments[arguments.index("--interval") + 1], "60")
        self.assertNotIn("--for", arguments)

    def test_an_interval_in_a_cron_job_ends_before_its_deadline(self):
        (job,) = cron_jobs({"collection.interval": 15})
        arguments = collector(job)["args"]
        self.assertEqual(arguments[arguments.index("--interval") + 1], "15")
        self.assertEqual(arguments[arguments.index("--for") + 1], "45")


if __name__ == "__main__":
    unittest.main()
