"""The collector's pod, as the rendered chart has it, on a node of the test."""

import os
import pathlib

import beside  # noqa: F401
import podspec

import exposition
import fixtures
import kubepods
import rendering

DRIVER = "cgroupfs"


class CollectorOnNode:
    """The manifest's pod, run as often as wanted, and what it has published."""

    def __init__(self, name, node, documents):
        self.name, self.node, self.documents, self.results, self.runs = name, node, documents, [], 0
        (job,) = [document for document in documents if document["kind"] == "CronJob"]
        self.spec = rendering.pod_spec(job)
        (volume,) = [volume for volume in self.spec["volumes"] if volume["name"] == "textfile"]
        self.output = pathlib.Path(volume["hostPath"]["path"], "gpu_sessions.prom")

    def report(self, step, complaints):
        """Keeps the result of one step and prints it."""
        print(f"{self.name}: {step}: {'failed' if complaints else 'as expected'}", flush=True)
        for complaint in complaints:
            print(f"  {complaint}")
        self.results.append(not complaints)

    def collect(self, while_it_runs=lambda container: [], **place):
        """
        One pod of the manifest, from its start to its removal: what was wrong, and what it published. `place`: where its cgroup
        is, by fields of the pod.
        """
        self.runs += 1
        pod = kubepods.Pod("monitoring", f"gpu-session-metrics-collector-{self.runs}", DRIVER, **(place or {"qos": "burstable"}))
        (container,) = self.node.run_pod(pod, self.spec)
        complaints = while_it_runs(container)
        status = self.node.kubelet.wait(container)
        log = self.node.kubelet.log(container)
        self.node.kubelet.remove(pod, [container])
        if status != 0:
            complaints.append(f"exit status {status}: {log}")
        return complaints

    def file_complaints(self):
        """What is wrong with the file whatever it says."""
        neighbours = sorted(os.listdir(self.output.parent))
        complaints = [] if neighbours == [self.output.name] else [f"in the directory: {neighbours}"]
        if self.output.stat().st_mode & 0o7777 != 0o644:
            complaints.append(f"mode {self.output.stat().st_mode & 0o7777:04o}")
        samples = exposition.parse(self.output.read_bytes())
        strangers = [name for name, labels in samples if dict(labels).get("node") != podspec.NODE_NAME]
        return complaints + [f"{name} without the node's name" for name in strangers] + fixtures.implausible(samples)
