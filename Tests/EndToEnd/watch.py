"""Who reads the published file: a real node_exporter, and real Prometheus servers that scrape it and evaluate the chart's rules."""

import contextlib
import shutil
import time
import urllib.parse

import beside  # noqa: F401

import exposition
import fixtures
import monitoring
import node_exporter
import rendering
import test_questions

PATIENCE_SECONDS = 20
LABELS = ("pod", "namespace", "container")
# What Prometheus knows of the node_exporter itself: by the same names as our labels.
TARGET = {"cluster": "east", "pod": "node-exporter-x7k2p", "namespace": "monitoring", "container": "node-exporter"}
# The form in which our labels arrive, and whether Prometheus honours them.
FORMS = {"exported": False, "plain": True}
# Alerts fire at once, and end when their condition does.
AT_ONCE = {f"prometheusRule.alerts.{name}.for": "1s" for name in ("GPUProcessDefunct", "GPUUsedWithoutAllocation")}
AT_ONCE |= {"prometheusRule.keepFiringFor": "0"}
LAST_RUN = monitoring.LAST_RUN


def groups():
    """The rules of the rendered PrometheusRule."""
    documents = rendering.render({"prometheusRule.enabled": True, **AT_ONCE})
    (rule,) = rendering.of_kind(documents, "PrometheusRule")
    return rule["spec"]["groups"]


def own(labels, form):
    """A series' labels as they were published: without those of the target, by their own names."""
    found = {name: value for name, value in labels.items() if name not in ("__name__", "job", "instance") and TARGET.get(name) != value}
    return {name.removeprefix("exported_") if form == "exported" else name: value for name, value in found.items()}


class Nothing(contextlib.nullcontext):
    """Nobody reads the file."""

    def see(self, step, scenario):
        """See Watch."""


class Watch(contextlib.ExitStack):
    """node_exporter on the directory of the published file, and one Prometheus for each form of the labels."""

    servers = None

    def start(self, directory):
        program = shutil.which("prometheus-node-exporter") or rendering.tool("node_exporter")
        _, url = self.enter_context(node_exporter.exporter(program, directory, "--collector.time"))
        address = urllib.parse.urlsplit(url).netloc
        self.servers = {}
        for form, honoured in FORMS.items():
            job = monitoring.job("node", address, TARGET, honor_labels=honoured)
            self.servers[form] = self.enter_context(monitoring.prometheus([job], groups()))

    def see(self, step, scenario):
        """What the servers make of the file as it is now: its series, the documented questions, the chart's alerts."""
        if self.servers is None:
            self.start(scenario.output.parent)
        samples = exposition.parse(scenario.output.read_bytes())
        for form, server in self.servers.items():
            complaints = self.wait_for_scrape(server, samples)
            if not complaints:
                complaints = series_complaints(server, form, samples) + question_complaints(server, form, scenario)
                complaints += alert_complaints(server, form, scenario)
            scenario.report(f"{step}, by Prometheus with labels {form}", complaints)

    def wait_for_scrape(self, server, samples):
        """Returns once the server has the file as it is now."""
        wanted = [value for (name, _), value in samples.items() if name == LAST_RUN]
        return until("the last run", wanted, lambda: [value for _, value in server.query(LAST_RUN)])


def until(what, expected, ask):
    """Nothing once the answer is as expected; a complaint if it never is."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    while (answer := ask()) != expected:
        if time.monotonic() > give_up:
            return [f"{what}\n  expected: {expected}\n  answer:   {answer}"]
        time.sleep(0.2)
    return []


def series_complaints(server, form, samples):
    """Every series that is not as it is in the file."""
    found = {}
    for labels, value in server.query('{__name__=~"gpu_[a-z_]+"}'):
        found[labels["__name__"], frozenset(own(labels, form).items())] = value
    wanted = {key: value for key, value in samples.items() if key[0].startswith("gpu_")}
    complaints = [f"{name} {sorted(labels)}: {value} in the file, {found.get((name, labels))} in Prometheus"
                  for (name, labels), value in wanted.items() if found.get((name, labels)) != value]
    complaints += [f"{name} {sorted(labels)}: not in the file" for name, labels in found.keys() - wanted.keys()]
    errors = [value for _, value in server.query("node_textfile_scrape_error")]
    return complaints + ([] if errors == [0] else [f"node_textfile_scrape_error: {errors}"])


def question_complaints(server, form, scenario):
    """The README's questions, each with what it has to answer now."""
    complaints = []
    asked = test_questions.questions(fixtures.ROOT / "README.md")
    expected = answers(scenario)
    if unknown := set(asked) ^ set(expected):
        complaints.append(f"questions that only the README or only this test has: {sorted(unknown)}")
    for query in set(asked) & set(expected):
        found = {frozenset(own(labels, form).items()): value for labels, value in server.query(query)}
        if {keep(labels): value for labels, value in found.items()} != expected[query]:
            complaints.append(f"{query}\n  expected: {expected[query]}\n  answer:   {found}")
    return complaints


def keep(labels):
    """Those labels of an answer that the expected answers name."""
    return frozenset((name, value) for name, value in labels if name in (*LABELS, "pid", "gpu"))


def answers(scenario):
    """{question: {labels: value}} by what is expected of the node now."""
    by_namespace, by_pod, outside, idle = {}, {}, {}, {}
    for (gpu, pid), (_, pod, namespace, container, status, _, _) in scenario.sessions.items():
        if status != "active":
            continue
        space = labelled(namespace=namespace)
        by_namespace[space] = by_namespace.get(space, 0) + 1
        owner = labelled(namespace=namespace, pod=pod)
        by_pod[owner] = by_pod.get(owner, 0) + 1024 * 2**20
        if not pod:
            outside[labelled(gpu=gpu, pid=pid, container=container)] = 1
    counts = scenario.expected()["counts"]
    for (gpu, _, _, pod, namespace, container, _), replicas in scenario.allocations.items():
        if counts.get(gpu) == 0:
            idle[labelled(gpu=gpu, pod=pod, namespace=namespace, container=container)] = replicas
    return {
        "gpu_session_count == 0": {labelled(gpu=gpu): 0 for gpu, count in counts.items() if count == 0},
        "gpu_allocation_info and on (instance, gpu) gpu_session_count == 0": idle,
        "gpu_clocks_idle == 1 and on (instance, gpu) gpu_session_count > 0": {},
        'count by (exported_namespace, namespace) (gpu_process_info{status="active"})': by_namespace,
        "sum by (exported_namespace, namespace, exported_pod, pod) (gpu_process_memory_bytes)": by_pod,
        'gpu_process_info{status="active", pod_uid=""}': outside,
        'gpu_recovery_action{action!="None"}': {},
        "time() - gpu_session_collector_last_run_timestamp_seconds > 300": {},
        "gpu_session_collector_success == 0": {},
    }


def labelled(**labels):
    return frozenset((name, value) for name, value in labels.items() if value)


def alert_complaints(server, form, scenario):
    """Rules that cannot be evaluated, and alerts that should fire and do not, or the other way round."""
    bad = [f"{rule['name']}: {rule['lastError']}" for group in server.ask("rules")["groups"]
           for rule in group["rules"] if rule["health"] == "err"]

    def firing():
        found = [(labels["alertname"], own(labels, form)) for labels, _ in server.query('ALERTS{alertstate="firing"}')]
        return {(name, labels.get("pod", ""), labels.get("pid", ""), labels.get("user", "")) for name, labels in found}

    return bad + until("alerts", expected_alerts(scenario), firing)


def expected_alerts(scenario):
    """Who is on a GPU that was not handed to its pod, and who is dead and still listed."""
    wanted = {("GPUProcessDefunct", "", pid, "") for pid in scenario.defunct}
    holders = {(row[0], row[-1]) for row in scenario.allocations}
    for (gpu, _), (_, pod, _, _, status, pod_uid, user) in scenario.sessions.items():
        if status == "active" and (pod_uid or user) and (gpu, pod_uid) not in holders:
            wanted.add(("GPUUsedWithoutAllocation", pod, "", user))
    return wanted
