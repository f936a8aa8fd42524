#!/usr/bin/env python3
"""Runs the executable beside a real containerd and runc, and follows processes, containers and pods to their end.

Processes, cgroups and OCI bundles are real; what nvidia-smi answers and the kubelet's files are written by this test.
It needs root and the Debian packages containerd and runc. Where it cannot run it says why, and is skipped.
"""

import argparse
import json
import subprocess

import containerd
import exposition
import fixtures
import kubepods
import show_agrees
from containerd_node import GPUS, Node

INFO = "command pod namespace container status pod_uid user".split()
ALLOCATION = "gpu uuid resource pod namespace container pod_uid".split()
IDLE = ("", "", "", "", "idle", "", "")


def picked(labels, names):
    """The values of these labels; an absent one is empty."""
    return tuple(labels.get(name, "") for name in names)


def facts(samples):
    """Everything of a published file that the story has a claim about."""
    rows = {name: exposition.family(samples, name) for name in (
        "gpu_process_info", "gpu_process_defunct", "gpu_allocation_info", "gpu_session_count")}
    health = show_agrees.published_health(samples)
    return {
        "sessions": {picked(labels, ["gpu", "pid"]): picked(labels, INFO) for labels, _ in rows["gpu_process_info"]},
        "defunct": {labels["pid"]: labels["reason"] for labels, _ in rows["gpu_process_defunct"]},
        "allocations": {picked(labels, ALLOCATION): value for labels, value in rows["gpu_allocation_info"]},
        "counts": {labels["gpu"]: value for labels, value in rows["gpu_session_count"]},
        "success": health["success"] and all(health["stages"].values()) and "allocations" in health["stages"],
        "problems": health["problems"],
    }


def differences(expected, actual):
    """What is not as expected, one complaint for each."""
    return [f"{name}\n  expected: {expected[name]}\n  actual:   {actual[name]}"
            for name in expected if expected[name] != actual[name]]


class Story:
    """What is published before anything happens; each step of the story changes what is expected, then checks it."""

    def __init__(self, node, executable):
        self.node, self.executable, self.results = node, executable, []
        self.sessions = {("0", str(node.outside.pid)): ("sleep", "", "", "", "active", "", "operator")}
        self.allocations, self.defunct, self.problems = {}, {}, {"allocation_stale": len(GPUS)}
        for gpu, container in (("0", node.trainer), ("0", node.exporter), ("1", node.server)):
            names = (container.pod.name, container.pod.namespace, container.name)
            self.sessions[gpu, str(container.pid)] = ("python3", *names, "active", container.pod.uid, "")
        for gpu, container in enumerate((node.trainer, node.server)):
            self.allocate(gpu, container, container.pod.name, container.pod.namespace)

    def allocate(self, gpu, container, pod, namespace):
        """The container's row among the expected allocations, in place of the one it has for that GPU."""
        rest = {key: value for key, value in self.allocations.items() if key[0] != str(gpu)}
        row = (str(gpu), GPUS[gpu], "nvidia.com/gpu", pod, namespace, container.name, container.pod.uid)
        self.allocations = rest | {row: 1}

    def report(self, step, complaints):
        """Keeps the result of one step and prints what was wrong."""
        for complaint in complaints:
            print(f"{self.node.training.driver}: {step}: {complaint}")
        self.results.append(not complaints)

    def check(self, step):
        """One run of the executable, compared with everything expected now."""
        run = fixtures.Run(self.executable, self.node.directory)
        complaints = fixtures.published_complaints(run)
        if (run.status, run.stderr) != (0, b""):
            complaints.append(f"exit status {run.status}, stderr {run.stderr}")
        if not complaints:
            counts = {gpu: sum(row != IDLE for (of, _), row in self.sessions.items() if of == gpu) for gpu in "01"}
            expected = {
                "sessions": self.sessions, "defunct": self.defunct, "allocations": self.allocations,
                "counts": counts, "success": True, "problems": self.problems,
            }
            complaints = differences(expected, facts(exposition.parse(run.published)))
        if not complaints:
            complaints = show_agrees.complaints_of(self.executable, self.node.directory)
        self.report(step, complaints)

    def check_containers(self, step):
        """`show` also has the container's ID, and the runtime where the path shows it."""
        shown = json.loads(show_agrees.run_show(self.executable, self.node.directory, "--json").stdout)
        containers = (self.node.trainer, self.node.exporter, self.node.server)
        expected = {container.pid: (container.id, container.runtime) for container in containers}
        expected[self.node.outside.pid] = (None, None)
        actual = {row["pid"]: (row["container_id"], row["runtime"]) for row in shown["sessions"]}
        self.report(step, differences({"containers": expected}, {"containers": actual}))

    def check_shim(self, step):
        """With the real root containerd's state is at no usual place: the command line of its shim tells where."""
        run = fixtures.Run(self.executable, self.node.at_real_root())
        pids = {str(container.pid) for container in (self.node.exporter, self.node.server)}
        expected = {key: row for key, row in self.sessions.items() if key[1] in pids}
        found = facts(exposition.parse(run.published))["sessions"]
        self.report(step, differences({"sessions": expected}, {"sessions": {key: found.get(key) for key in expected}}))

    def tell(self):
        """From all alive to the removal of a pod."""
        node, server = self.node, self.node.server
        self.check("all alive")
        self.check_containers("IDs and runtimes")
        self.check_shim("names through the shim")

        node.outside.kill()
        containerd.wait_for("a zombie", lambda: containerd.process_state(node.outside.pid) == "Z")
        self.defunct[str(node.outside.pid)] = "zombie"
        # Of a process without a living thread the user is not known.
        outside = ("0", str(node.outside.pid))
        self.sessions[outside] = (*self.sessions[outside][:-1], "")
        self.check("a process killed, its parent not told")

        node.containerd.kill(server)
        self.sessions["1", str(server.pid)] = ("python3", "", "", "", "active", "", "")
        self.defunct[str(server.pid)] = "gone"
        # Nothing runs any more that the runtime could be asked about: of the pod there is the UID.
        self.allocate(1, server, f"pod-{server.pod.uid}", "")
        self.problems |= {"process_gone": 1, "pod_name_unknown": 1}
        self.check("a container killed, still listed")
        self.tell_end()

    def tell_end(self):
        """From the killed container on."""
        node, server = self.node, self.node.server
        node.list([row for row in node.everyone() if row[1] != server.pid])
        del self.sessions["1", str(server.pid)], self.defunct[str(server.pid)], self.problems["process_gone"]
        self.sessions["1", ""] = IDLE
        self.check("a container killed, no longer listed")

        node.containerd.delete(server)
        kubepods.remove_cgroup(server.pod.cgroup)
        del self.problems["pod_name_unknown"]
        self.allocations = {row: value for row, value in self.allocations.items() if row[-1] != server.pod.uid}
        self.problems["allocation_stale"] += 1
        self.check("the pod's cgroup removed")


def run_story(executable, driver):
    """The results of the story's steps, the last of which is that nothing is left."""
    with containerd.directory() as directory:
        with containerd.Containerd(directory) as daemon:
            outside = subprocess.Popen(["sleep", containerd.LIFE_SECONDS], stdin=subprocess.DEVNULL)
            daemon.callback(outside.wait)
            daemon.callback(outside.kill)
            node = Node(daemon, outside, driver)
            node.make()
            story = Story(node, executable)
            story.tell()
        story.report("the end", daemon.left_behind())
        return story.results


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    executable = fixtures.parse(parser, "release", "make build").executable
    if not containerd.prepare(parser.prog, containerd.enter_namespace):
        return
    results = run_story(executable, "cgroupfs")
    containerd.prefer_version_2()
    containerd.conclude(results + run_story(executable, "systemd"))


if __name__ == "__main__":
    main()
