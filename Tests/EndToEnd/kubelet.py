"""A kubelet for tests: runs pods over the CRI, and leaves behind on the node what a kubelet leaves there."""

import contextlib
import json
import pathlib
import shutil
import sys

import beside  # noqa: F401
import grpc
import podspec

import containerd
import kubepods

NODE_ROOT = pathlib.Path("/")
PATIENCE_SECONDS = 60


def interface():
    """The messages and stubs of cri.proto, compiled now."""
    folder = str(pathlib.Path(__file__).resolve().parent)
    if folder not in sys.path:
        sys.path.append(folder)
    return grpc.protos_and_services("cri.proto")


class Kubelet:
    """Pods by their specs, over the runtime's socket."""

    def __init__(self, socket):
        self.messages, services = interface()
        # A runtime written in Go refuses the path of the socket, which is the default, as name of the host.
        self.channel = grpc.insecure_channel(f"unix://{socket}", options=[("grpc.default_authority", "localhost")])
        self.runtime = services.RuntimeServiceStub(self.channel)
        self.links, self.pods = {}, {}

    def close(self):
        self.channel.close()

    def ask(self, method, message, **fields):
        """One call; the runtime's error is the caller's."""
        request = getattr(self.messages, message)(**fields)
        return getattr(self.runtime, method)(request, timeout=PATIENCE_SECONDS)

    def version(self):
        return self.ask("Version", "VersionRequest")

    def run(self, pod, spec):
        """Runs the pod; returns its containers with the IDs and PIDs that the runtime gave them."""
        containers = [kubepods.Container(pod, container["name"]) for container in spec["containers"]]
        logs = [kubepods.write_log_directory(NODE_ROOT, container) for container in containers]
        sandbox = podspec.sandbox_config(pod, spec, logs[0].parents[1])
        handler = spec.get("runtimeClassName", "")
        pod_id = self.ask("RunPodSandbox", "RunPodSandboxRequest", config=sandbox, runtime_handler=handler).pod_sandbox_id
        self.pods[pod] = pod_id
        for container, described in zip(containers, spec["containers"]):
            config = podspec.container_config(pod, spec, described)
            container.id = self.ask(
                "CreateContainer", "CreateContainerRequest", pod_sandbox_id=pod_id, config=config, sandbox_config=sandbox,
            ).container_id
            self.ask("StartContainer", "ContainerRequest", container_id=container.id)
            container.pid = self.pid(container)
        for container, log in zip(containers, logs):
            self.links[container.id] = kubepods.write_log_link(NODE_ROOT, container, log)
        return containers

    def pid(self, container):
        """The PID of the container's first process, as the node sees it."""
        answer = self.ask("ContainerStatus", "ContainerStatusRequest", container_id=container.id, verbose=True)
        return json.loads(answer.info["info"])["pid"]

    def exit_status(self, container):
        """The exit status of a container that has ended, None while it runs."""
        status = self.ask("ContainerStatus", "ContainerStatusRequest", container_id=container.id).status
        ended = self.messages.ContainerState.Value("CONTAINER_EXITED")
        return status.exit_code if status.state == ended else None

    def wait(self, container):
        """The exit status of the container, once it has ended."""
        containerd.wait_for("a container to end", lambda: self.exit_status(container) is not None)
        return self.exit_status(container)

    def log(self, container):
        """What the container wrote, as the runtime keeps it."""
        pod = container.pod
        directory = pathlib.Path("/var/log/pods", f"{pod.namespace}_{pod.name}_{pod.uid}", container.name)
        return (directory / "0.log").read_text(encoding="utf-8", errors="replace")

    def kill(self, container):
        """Ends the container at once; its pod stays."""
        self.ask("StopContainer", "StopContainerRequest", container_id=container.id, timeout=0)
        containerd.wait_for("a killed container to end", lambda: not containerd.process_state(container.pid))

    def remove(self, pod, containers):
        """Removes the pod with everything that the kubelet removes: its checkpoint keeps what it had."""
        self.end_pod(self.pods.pop(pod))
        for container in containers:
            self.links.pop(container.id).unlink(missing_ok=True)
        shutil.rmtree(f"/var/log/pods/{pod.namespace}_{pod.name}_{pod.uid}")
        if pod.has_cgroup:
            containerd.wait_for("the pod's cgroup to be empty", lambda: not kubepods.occupied(pod.cgroup))
            kubepods.remove_cgroup(pod.cgroup)

    def end_pod(self, pod_id):
        """Ends the pod's containers and has the runtime forget them."""
        self.ask("StopPodSandbox", "PodSandboxRequest", pod_sandbox_id=pod_id)
        self.ask("RemovePodSandbox", "PodSandboxRequest", pod_sandbox_id=pod_id)

    def end(self):
        """Ends every pod that still runs."""
        while self.pods:
            with contextlib.suppress(grpc.RpcError):
                self.end_pod(self.pods.popitem()[1])
