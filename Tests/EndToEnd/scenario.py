"""What happens on the node, step by step, and what the collector's container has to publish after each step."""

import contextlib
import os
import pathlib
import pwd
import subprocess

import beside  # noqa: F401
import collector_pod
import elsewhere
import images
import oci_runtime
import rights
from collector_pod import DRIVER

import containerd
import containerd_node
import exposition
import kubepods
import real_containerd

GPUS = containerd_node.GPUS
# Legal names that are easily split at the wrong place: dots and dashes, digits alone, and one too long for a log's link.
LONG = "sweep-" + "x" * 50 + ".7--" + "y" * 110 + "-z"
PYTHON = "/usr/bin/python3"
RUN_SECONDS = 2
NOBODY = 65534
# Labels of texts from outside have at most so many bytes.
LABEL_LIMIT = 128


def workload(*names):
    """The spec of a pod that only waits."""
    return {"containers": [{"name": name, "image": images.PAUSE} for name in names]}


class Scenario(collector_pod.CollectorOnNode):
    """Pods on a node, and everything that is expected of the published file now."""

    def __init__(self, name, node, documents, staying):
        super().__init__(name, node, documents)
        self.staying, self.elsewhere = staying, elsewhere.Elsewhere(node)
        self.sessions, self.allocations, self.defunct = {}, {}, {}
        self.problems = {"allocation_stale": len(GPUS)}

    def start(self):
        """Three pods in two namespaces, those that are elsewhere, and a process outside of pods, on two GPUs."""
        self.training = kubepods.Pod("ml-train", "llama-70b.v2--worker-0", DRIVER, "burstable")
        self.sweeping = kubepods.Pod("3d-render--x", LONG, DRIVER)
        self.serving = kubepods.Pod("ml-train", "vllm-7d9c5b6f4-x2kqp", DRIVER)
        self.trainer, self.reloader = self.node.run_pod(self.training, workload("trainer", "0"))
        (self.sweep,) = self.node.run_pod(self.sweeping, workload("c"))
        (self.server,) = self.node.run_pod(self.serving, workload("server"))
        self.elsewhere.start()
        # As in the moment before the kubelet makes it: here the runtime's own files must tell.
        self.node.kubelet.links[self.reloader.id].unlink()
        self.outside = subprocess.Popen(["sleep", containerd.LIFE_SECONDS], stdin=subprocess.DEVNULL)
        self.node.callback(self.outside.wait)
        self.node.callback(self.outside.kill)
        removed = kubepods.Container(kubepods.Pod("ml-train", "llama-1", DRIVER), "trainer")
        holders = [(self.trainer, GPUS[:1]), (self.server, GPUS[1:]), (removed, GPUS)]
        holders += [(container, GPUS[:1]) for container in self.elsewhere.waiting]
        kubepods.write_checkpoint(pathlib.Path("/"), holders)
        self.list([self.trainer, self.reloader, self.sweep, self.server, *self.elsewhere.busy])
        self.expect_all()

    def list(self, containers):
        """Has nvidia-smi list these, the server on the second GPU, and the process outside, for which it has no name."""
        rows = [(1 if container is self.server else 0, container.pid, PYTHON) for container in containers]
        containerd_node.write_answers(self.node.answers, [*rows, (0, self.outside.pid, "")])

    def expect_all(self):
        """Everybody alive, by name."""
        user = pwd.getpwuid(os.getuid()).pw_name
        self.sessions = {("0", str(self.outside.pid)): ("sleep", "", "", "", "active", "", user)}
        for container in (self.trainer, self.reloader, self.sweep, self.server, *self.elsewhere.busy):
            names = (container.pod.name[:LABEL_LIMIT], container.pod.namespace, container.name)
            gpu = "1" if container is self.server else "0"
            self.sessions[gpu, str(container.pid)] = ("python3", *names, "active", container.pod.uid, "")
        for container in (self.trainer, self.server, *self.elsewhere.waiting):
            pod, gpu = container.pod, "1" if container is self.server else "0"
            self.allocations[gpu, GPUS[int(gpu)], "nvidia.com/gpu", pod.name, pod.namespace, container.name, pod.uid] = 1

    def check(self, step, while_it_runs=lambda container: [], **place):
        """One run of the collector, compared with everything expected now. `place`: where its own cgroup is."""
        before = self.output.stat().st_ino if self.output.exists() else None
        complaints = self.collect(while_it_runs, **place)
        if not complaints and self.output.stat().st_ino == before:
            complaints = ["nothing was published"]
        if not complaints:
            complaints = self.file_complaints() + real_containerd.differences(
                self.expected(), real_containerd.facts(exposition.parse(self.output.read_bytes())))
        self.report(step, complaints)

    def expected(self):
        counts = {gpu: sum(row != real_containerd.IDLE for (of, _), row in self.sessions.items() if of == gpu) for gpu in "01"}
        return {
            "sessions": self.sessions, "defunct": self.defunct, "allocations": self.allocations, "counts": counts,
            "success": True, "problems": self.problems,
        }

    def check_rights(self, container):
        """The collector and its nvidia-smi, which takes its time, while both run."""
        injected = (oci_runtime.PROGRAM, f"{oci_runtime.PROGRAM}.answers")
        kubelet = self.node.kubelet
        containerd.wait_for(
            "the collector to start nvidia-smi",
            lambda: children(container.pid) or kubelet.exit_status(container) is not None)
        child = children(container.pid)[:1]
        return rights.complaints(container.pid, child[0], self.spec, injected, self.node.recursive) if child else ["it started no nvidia-smi"]

    def tell(self, watch):
        """From all alive to the removal of pods."""
        self.start()
        self.report("cgroups of the pods elsewhere", self.elsewhere.misplaced())
        delay = self.node.answers / "query-gpu.delay"
        delay.write_text(f"{RUN_SECONDS}\n")
        self.check("all alive; the collector's rights", self.check_rights)
        delay.unlink()
        watch.see("all alive", self)
        with locked_by_another_user(self.output):
            self.check("another user holds locks on the directory and the file")
        for name, place in elsewhere.PLACES.items():
            self.check(f"the collector's own pod is {name}", **place)

        self.staying.start()
        self.report("a pod that stays, beside the others", self.staying.complaints_beside(self.server))
        self.node.kubelet.kill(self.server)
        self.sessions["1", str(self.server.pid)] = ("python3", "", "", "", "active", "", "")
        self.defunct[str(self.server.pid)] = "gone"
        self.problems["process_gone"] = 1
        self.check("a container killed, still listed")
        watch.see("a container killed", self)

        self.node.kubelet.remove(self.serving, [self.server])
        self.list([self.trainer, self.reloader, self.sweep, *self.elsewhere.busy])
        del self.sessions["1", str(self.server.pid)], self.defunct[str(self.server.pid)], self.problems["process_gone"]
        self.sessions["1", ""] = real_containerd.IDLE
        self.allocations = {row: value for row, value in self.allocations.items() if row[0] != "1"}
        self.problems["allocation_stale"] += 1
        self.check("its pod removed")
        self.report("the pod that stays lets it go", self.staying.complaints_without(self.server))
        watch.see("its pod removed", self)
        self.tell_of_elsewhere()

    def tell_of_elsewhere(self):
        """
        The pods elsewhere go. What the checkpoint has of them is stale from now on: that they were alive nothing but their
        cgroups had told.
        """
        self.elsewhere.remove()
        self.list([self.trainer, self.reloader, self.sweep])
        for container in self.elsewhere.busy:
            del self.sessions["0", str(container.pid)]
        gone = {container.pod.uid for container in self.elsewhere.waiting}
        self.allocations = {row: value for row, value in self.allocations.items() if row[-1] not in gone}
        self.problems["allocation_stale"] += len(gone)
        self.check("the pods elsewhere removed")


@contextlib.contextmanager
def locked_by_another_user(output):
    """While a user without any right holds locks on the directory and the file, as everybody can who may read them."""
    script = 'exec 8<"$1" 9<"$2" && flock -x 8 && flock -x 9 && echo locked && exec sleep "$3"'
    rival = subprocess.Popen(
        ["/bin/sh", "-c", script, "sh", output.parent, output, containerd.LIFE_SECONDS], stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, text=True, cwd="/", user=NOBODY, group=NOBODY, extra_groups=[])
    with rival:
        try:
            if rival.stdout.readline() != "locked\n":
                raise RuntimeError("another user could not lock the directory and the file")
            yield
        finally:
            rival.kill()


def children(pid):
    """PIDs of the process's children."""
    return [other for other, text in containerd.processes("stat") if int(text.rpartition(")")[2].split()[1]) == pid]
