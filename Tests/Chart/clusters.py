"""The recorded nodes that the dashboards are run against, scraped as different clusters scrape them."""

import contextlib

import yaml

from monitoring import job, prometheus, recorded_node, static_page
from rendering import ROOT

MIG = "checkpoint-mig"
WHOLE = "checkpoint-v2"
BARE = "defunct-holders"
LOST = "gpu-lost"
GPU = "GPU-6bdf589d-3a06-d30c-d28f-7092407cd084"

# A 3g, a 2g and a 1g instance of the MIG node, the first with two compute instances that two pods hold, and its whole GPU.
DCGM = (
    ("2", "3g.40gb", "team-a", "resnet-sweep-0", 0.95),
    ("2", "3g.40gb", "team-b", "whisper-6c7d8f5b9-q8m2s", 0.95),
    ("3", "2g.20gb", "team-a", "notebook-sora", 0.70),
    ("9", "1g.10gb", "", "", 0.85),
)
WHOLE_GPU = 'DCGM_FI_PROF_GR_ENGINE_ACTIVE{gpu="1",UUID="GPU-a305016d-6c4b-6313-7135-9081bf97b333"} 0.5'


def dcgm_page():
    lines = [
        f'DCGM_FI_PROF_GR_ENGINE_ACTIVE{{gpu="0",UUID="{GPU}",GPU_I_PROFILE="{profile}",GPU_I_ID="{instance}",'
        f'namespace="{namespace}",pod="{pod}",container="main"}} {value}'
        for instance, profile, namespace, pod, value in DCGM
    ]
    return "# TYPE DCGM_FI_PROF_GR_ENGINE_ACTIVE gauge\n" + "\n".join([*lines, WHOLE_GPU]) + "\n"


def kubernetes(name, address, honor, cluster="east"):
    """A job as the Prometheus Operator writes it: the target has labels of its own named pod, namespace and container."""
    own = {"pod": f"exporter-of-{name}", "namespace": "monitoring", "container": "exporter", "endpoint": "http-metrics"}
    labels = {"cluster": cluster, "instance": f"{name}:9100", **own}
    return job(name, address, labels, honor_labels=honor)


def without_kubernetes(name, address, plain):
    """The job of the example without Kubernetes, which has no label `cluster`; plain is it without its relabelling."""
    (example,) = yaml.safe_load((ROOT / "packaging/compose/prometheus.yml").read_text(encoding="utf-8"))["scrape_configs"]
    more = {} if plain else {"metric_relabel_configs": example["metric_relabel_configs"]}
    return job(name, address, {"instance": name}, **more)


@contextlib.contextmanager
def three_nodes(plain, age=0, twice=False, more=(), groups=()):
    """
    Two nodes of a cluster, one with MIG and dcgm-exporter, and a server without cluster. `plain`: our labels keep their names.
    `twice`: a second job scrapes everything too. `more`: functions that add nodes to them. `groups`: rules to evaluate.
    """
    with contextlib.ExitStack() as stack:
        address = {name: stack.enter_context(recorded_node(name, age)) for name in (MIG, WHOLE, BARE)}
        jobs = [kubernetes(name, address[name], plain) for name in (MIG, WHOLE)]
        jobs.append(without_kubernetes(BARE, address[BARE], plain))
        jobs.append(kubernetes("dcgm", stack.enter_context(static_page(dcgm_page())), plain))
        jobs += [add(stack, plain, age) for add in more]
        again = [{**item, "job_name": f"{item['job_name']}-again"} for item in jobs if twice]
        yield stack.enter_context(prometheus([*jobs, *again], groups))


def lost_gpu(stack, plain, age):
    """A node where a GPU could not be read."""
    return kubernetes(LOST, stack.enter_context(recorded_node(LOST, age)), plain)


def blind(stack, plain, age):
    """A node with a pod that does nothing on its device, as far as one can tell who does something."""
    return kubernetes("blind", stack.enter_context(recorded_node(WHOLE, age, failed="attribution")), plain)


def namesake(stack, plain, age):
    """A node of another cluster that has the name of one of ours, and has not published for an hour."""
    job = kubernetes(MIG, stack.enter_context(recorded_node(WHOLE, 3600)), plain, cluster="west")
    return {**job, "job_name": "namesake"}


@contextlib.contextmanager
def one_node(name):
    """A Prometheus that scrapes one node and nothing else, as the guide of the system has it."""
    with recorded_node(name, 0) as address, prometheus([job("node", address, {"instance": name})]) as server:
        yield server
