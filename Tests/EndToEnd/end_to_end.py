#!/usr/bin/env python3
"""The collector in a real container, made of the rendered chart, beside pods of a real containerd over its CRI.

Pods, the collector's among them, lie below `kubepods`, below a kubelet's own cgroup root, and in no cgroup of a pod.
What nvidia-smi answers is written by this test; processes, containers, cgroups, mounts and rights are real, and so are
the node_exporter that reads the published file and the Prometheus that asks it. It needs root, containerd, runc and a C
compiler that links statically. Where it cannot run it says why, and is skipped.
"""

import argparse

import beside  # noqa: F401
import cluster_node
import images
import podspec
import staying
import watch
from scenario import Scenario

import containerd
import fixtures
import rendering

K3S_STATE = "/run/k3s/containerd"
STAYING = {"collection.mode": "daemonset", "textfile.directory": "/var/lib/node_exporter/stays"}


def manifests(values, presets=()):
    """The chart as it renders for one node of this name."""
    return rendering.render({"collection.nodes": [podspec.NODE_NAME], **values}, presets)


def run_scenario(name, executable, given, state, handler, recursive, watcher):
    """The results of one scenario with these values and presets, the last of which is that nothing is left."""
    documents = manifests(*given)
    with containerd.directory() as directory:
        cluster_node.prepare()
        node = cluster_node.ClusterNode(directory, state, handler, recursive)
        with node:
            scenario = Scenario(name, node, documents, staying.Staying(node, manifests(STAYING, *given[1:])))
            (job,) = [document for document in documents if document["kind"] == "CronJob"]
            node.import_image(images.make_pause(directory))
            image = rendering.collector(job)["image"]
            node.import_image(images.make_collector(directory, image, executable))
            with watcher:
                scenario.tell(watcher)
        scenario.report("the end", node.left_behind())
        return scenario.results


def run_all(executable):
    """
    Default values on the cgroups of this machine, with read-only mounts as containerd 2.0 makes them; then k3s's preset on
    version 2 where the machine has both, with mounts as this containerd makes them.
    """
    results = run_scenario("default values", executable, ({},), "/run/containerd", "nvidia", True, watch.Watch())
    containerd.prefer_version_2()
    return results + run_scenario("preset k3s", executable, ({}, ("k3s",)), K3S_STATE, "runc", False, watch.Nothing())


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    executable = fixtures.parse(parser, "release", "make build").executable
    if not containerd.prepare(parser.prog, cluster_node.enter):
        return
    containerd.conclude(run_all(executable))


if __name__ == "__main__":
    main()
