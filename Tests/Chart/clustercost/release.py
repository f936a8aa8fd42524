"""The Secret in which Helm keeps a release of so many nodes. It may hold 1 MiB, as any Secret."""

import base64
import gzip
import json
import pathlib
import random
import tempfile

from fake_cluster import FakeCluster
from rendering import CHART, helm

LIMIT = 2**20


def names(count):
    """Names as EC2 gives them, from addresses at random: alike, but with nothing that repeats."""
    drawn = random.Random(0).sample(range(2**22), count)
    return [f"ip-10-{64 + index // 2**16}-{index // 2**8 % 2**8}-{index % 2**8}.eu-central-1.compute.internal" for index in drawn]


def values(nodes, mode):
    """A DaemonSet takes its nodes by label: it names none."""
    listed = names(nodes) if mode == "cronjob" else []
    return {"collection": {"mode": mode, "nodes": listed, "maxCronJobs": max(nodes, 100)}}


def release(nodes, mode):
    """The release as JSON, as `helm install` would keep it."""
    with FakeCluster([]) as cluster, tempfile.TemporaryDirectory() as directory:
        file = pathlib.Path(directory, "values.json")
        file.write_text(json.dumps(values(nodes, mode)), encoding="utf-8")
        return helm(
            "install", "gpu-monitoring", str(CHART), "--namespace", "monitoring", "--dry-run=client",
            "--disable-openapi-validation", "--output", "json", "--values", str(file), kubeconfig=cluster.kubeconfig,
        )  # fmt: skip


def measure(nodes, mode="cronjob"):
    """Objects of the kind that runs, bytes of the manifest, and of the Secret: gzip, then base64."""
    text = release(nodes, mode)
    manifest = json.loads(text)["manifest"]
    kind = "\nkind: CronJob\n" if mode == "cronjob" else "\nkind: DaemonSet\n"
    secret = len(base64.b64encode(gzip.compress(text.encode(), 9)))
    return {"objects": manifest.count(kind), "manifest": len(manifest.encode()), "secret": secret}


def largest(known):
    """The most nodes whose release fits: by a line through the last two known sizes, each try a better one of them."""
    known = sorted(known.items())
    while True:
        (before, small), (after, large) = known[-2:]
        nodes = after + round((LIMIT - large) / ((large - small) / (after - before)))
        if abs(nodes - after) <= after // 100:
            return nodes
        known = sorted([*known, (nodes, measure(nodes)["secret"])], key=lambda pair: -abs(pair[1] - LIMIT))
