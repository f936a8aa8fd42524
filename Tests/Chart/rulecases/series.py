"""Input of promtool's tests: what real collectors published, as Prometheus stores it after the scrape."""

import copy
import dataclasses
import re

from rendering import ROOT

# Clock of the nodes at the start of a test. It is not Prometheus' clock, which starts at 0 in promtool.
NOW = 1763790000
MINUTES = 90
SAMPLE = re.compile(r"^(\w+)(?:\{(.*)\})? (\S+)$")
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')
UUID = re.compile(r"^(?:MIG-)?(?:GPU-|MIG-)?[0-9a-f]{8}-")


@dataclasses.dataclass(frozen=True)
class Form:
    """
    How labels arrive: ours and DCGM's, `exported` or `plain`; whether the scrape sets a `node` of its own; in what unit DCGM
    reports; whether a second job scrapes the same, in the other form and with another label; and whether a few tests will do.
    """

    ours: str
    dcgm: str
    sets_node: bool
    scale: int
    twice: bool = False
    brief: bool = False

    def scrapes(self, form, target):
        """The jobs that scrape a target: in which form each stores labels, and which ones it sets."""
        jobs = [(form, target)]
        if self.twice:
            own = {name: target[name] for name in ("cluster", "instance")}
            jobs.append(("plain" if form == "exported" else "exported", own | {"job": "second", "team": "platform"}))
        return jobs


def stored(sample, target, form):
    """The labels that Prometheus stores for a scraped sample. A label without a value gives no exported_… one."""
    labels = dict(sample)
    if form == "plain":  # honor_labels: what is exposed wins, even an empty value
        return {name: value for name, value in {**target, **labels}.items() if value != ""}
    for name in target:
        if labels.get(name):
            labels["exported_" + name] = labels.pop(name)
    return {name: value for name, value in {**labels, **target}.items() if value != ""}


def written(metric, labels):
    quoted = ((name, str(value).replace("\\", "\\\\").replace('"', '\\"')) for name, value in sorted(labels.items()))
    return metric + "{" + ",".join(f'{name}="{value}"' for name, value in quoted) + "}"


def constant(value, steps):
    return value if isinstance(value, str) else f"{value!r}+0x{steps}"


class Node:
    """
    A node that publishes what a fixture's node does. `number` makes its UUIDs and pods differ from another's. Of each
    series there are `steps` samples and one more, `seconds` apart.
    """

    def __init__(self, fixture, name, cluster, instance, number, steps=MINUTES, seconds=60):
        self.name, self.cluster, self.instance, self.number = name, cluster, instance, number
        self.steps = steps
        self.last_run = f"{NOW - 20}+{seconds}x{steps}"
        self.time = f"{NOW}+{seconds}x{steps}"
        self.others = []
        lines = (ROOT / "Fixtures" / "nodes" / fixture / "expected.prom").read_text().splitlines()
        self.samples = [self.parsed(line) for line in lines if not line.startswith("#")]

    def parsed(self, line):
        metric, labels, value = SAMPLE.match(line).groups()
        labels = {name: re.sub(r"\\(.)", r"\1", text) for name, text in LABEL.findall(labels or "")}
        return metric, self.own(labels), float(value)

    def own(self, labels):
        """UUIDs and pods of the fixture as this node has them."""
        if self.number == 0:
            return dict(labels)
        own = {name: text.replace("-", f"-{self.number}", 1) if UUID.match(text) else text for name, text in labels.items()}
        return own | ({"pod": f"{own['pod']}-{self.number}"} if own.get("pod") else {})

    def __matmul__(self, labels):
        """The labels of an alert about this node."""
        return {"cluster": self.cluster, "instance": self.instance, "node": self.name, **self.own(labels)}

    def _matches(self, sample, metric, labels):
        return re.fullmatch(metric, sample[0]) and self.own(labels).items() <= sample[1].items()

    def find(self, metric, **labels):
        found = [sample for sample in self.samples if self._matches(sample, metric, labels)]
        assert found, f"{self.name} has no {metric} {labels}: the test would test nothing"
        return found

    def set(self, metric, value, **labels):
        for sample in self.find(metric, **labels):
            self.samples[self.samples.index(sample)] = (sample[0], sample[1], value)

    def drop(self, metric, **labels):
        for sample in self.find(metric, **labels):
            self.samples.remove(sample)

    def add(self, metric, value, **labels):
        self.samples.append((metric, self.own(labels), value))

    def relabel(self, metric, changed, **labels):
        """Other values of labels, "" for none."""
        for sample in self.find(metric, **labels):
            self.samples[self.samples.index(sample)] = (sample[0], {**sample[1], **changed}, sample[2])

    def stage(self, name, value):
        """Sets a stage to 0 or 1; None takes it away."""
        self.drop("gpu_session_collector_stage_success", stage=name)
        if value is not None:
            self.add("gpu_session_collector_stage_success", value, stage=name)

    def problem(self, kind, count):
        self.set("gpu_session_collector_problems", count, kind=kind)

    def freeze(self):
        """The collector no longer runs, and node_exporter goes on serving its last file."""
        self.last_run = f"{NOW - 20}+0x{self.steps}"

    def copy(self):
        return copy.deepcopy(self)

    def target(self, form):
        """The labels that kube-prometheus-stack gives to what it scrapes from node_exporter."""
        labels = {"namespace": "monitoring", "pod": f"node-exporter-{self.name}", "container": "node-exporter"}
        labels |= {"cluster": self.cluster, "instance": self.instance, "job": "node-exporter"}
        return labels | ({"node": f"ip-{self.number}.internal"} if form.sets_node else {})

    def series(self, form):
        """promtool's input_series for this node."""
        samples = [sample for sample in self.samples if sample[0] != "gpu_session_collector_last_run_timestamp_seconds"]
        if samples:
            samples.append(("gpu_session_collector_last_run_timestamp_seconds", {}, self.last_run))
        result = []
        for how, target in form.scrapes(form.ours, self.target(form)):
            result += [(metric, stored({**labels, "node": self.name}, target, how), value) for metric, labels, value in samples]
            if self.time:
                result.append(("node_time_seconds", target, self.time))
        for metric, labels, value in self.others:
            result += [(metric, each, value(form) if callable(value) else value) for each in labels(form)]
        return [{"series": written(metric, labels), "values": constant(value, self.steps)} for metric, labels, value in result]

    def kube(self, metric, value, **labels):
        """What kube-state-metrics, elsewhere in the cluster, says: its labels are its own (honorLabels)."""
        labels = {"cluster": self.cluster, "job": "kube-state-metrics", "instance": "10.0.9.9:8080", "namespace": "monitoring"} | labels
        self.others.append((metric, lambda form: [labels], value))

    def has_capacity(self, resource, count, allocatable=None):
        """How many devices this node has, and how many of them may be handed out."""
        self.kube("kube_node_status_capacity", count, node=self.name, resource=resource, unit="integer")
        self.kube("kube_node_status_allocatable", count if allocatable is None else allocatable, node=self.name, resource=resource, unit="integer")

    def is_ready(self, ready):
        self.kube("kube_node_status_condition", ready, node=self.name, condition="Ready", status="true")

    def dcgm(self, gpu_uuid, gpu_instance, active, pod="", namespace=""):
        """What dcgm-exporter on this node says of a GPU instance: how busy it is, 0 to 1, and of which pod it takes it to be."""
        own = self.own({"UUID": gpu_uuid, "GPU_I_ID": gpu_instance, "gpu": "0", "pod": pod, "namespace": namespace})
        target = {"namespace": "gpu-operator", "pod": f"dcgm-{self.name}", "container": "exporter", "job": "dcgm"}
        target |= {"cluster": self.cluster, "instance": self.instance.replace("9100", "9400")}

        def scraped(form):
            return [stored(own, each, how) for how, each in form.scrapes(form.dcgm, target)]

        self.others.append(("DCGM_FI_PROF_GR_ENGINE_ACTIVE", scraped, lambda form: round(active * 100 / form.scale, 6)))
        up = ("up", lambda form: [each for _, each in form.scrapes(form.dcgm, target)], 1)
        if not any(metric == "up" for metric, *_ in self.others):
            self.others.append(up)
