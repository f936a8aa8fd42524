"""Values of the chart that this one takes the place of."""

import unittest

from fake_cluster import FakeCluster
from rendering import collector, of_kind, pod_spec, render
from test_notes import IMAGE, WHOLE

OLD = {
    "gpu-session-monitoring": {"enabled": True},
    "gpu": {"count": 4, "devices": [0, 1, 2, 3]},
    "collection.image": {"repository": "busybox", "tag": "1.35", "pullPolicy": "IfNotPresent"},
    "prometheus.textfileCollectorPath": "/data/textfile",
    "prometheus.serverService": "prometheus.monitoring.svc:9090",
}
KEYS = ("gpu.count", "collection.image", "prometheus.textfileCollectorPath", "prometheus.serverService")


def directory(values):
    (job,) = of_kind(render(values), "CronJob")
    return pod_spec(job)["volumes"][0]["hostPath"]["path"]


def warnings(values):
    with FakeCluster(WHOLE) as cluster:
        notes = cluster.install({**IMAGE, **values})[1]
    return notes.split("WARNINGS:", 1)[1] if "WARNINGS:" in notes else ""


class Migration(unittest.TestCase):
    def test_they_are_taken(self):
        (job,) = of_kind(render(OLD), "CronJob")
        self.assertEqual(collector(job)["image"], "gpu-sessions:0.1.0")

    def test_the_directory_is_taken_over_unless_one_is_given(self):
        self.assertEqual(directory(OLD), "/data/textfile")
        self.assertEqual(directory({"prometheus.textfileCollectorPath": "/data/textfile/"}), "/data/textfile")
        self.assertEqual(directory({**OLD, "textfile.directory": "/other"}), "/other")

    def test_each_has_its_warning(self):
        said = warnings({**OLD, "textfile.directory": "/var/lib/node_exporter/textfile_collector"})
        for key in KEYS:
            self.assertIn(key, said)
        self.assertIn("is textfile.directory now, and taken for it: /data/textfile", said)
        self.assertIn("prometheus.textfileCollectorPath (/data/textfile) is ignored: textfile.directory says /other", warnings({**OLD, "textfile.directory": "/other"}))

    def test_without_them_there_is_none(self):
        self.assertEqual(warnings({}), "")

    def test_nested_and_in_part(self):
        self.assertEqual(directory({"gpu-session-monitoring.prometheus.textfileCollectorPath": "/nested"}), "/nested")
        said = warnings({"gpu": {"count": 8}})
        self.assertIn("gpu.count and gpu.devices are ignored", said)
        self.assertNotIn("serverService", said)


if __name__ == "__main__":
    unittest.main()
