"""What a kubelet makes of a pod's spec for the container runtime. It knows what the chart and this test use, and refuses the rest."""

import os
import pathlib
import re
import stat

NODE_NAME = "node-1"
# What every container that is not privileged has; the lists of the kubelet's default /proc mount.
MASKED = (
    "/proc/asound", "/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list",
    "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi", "/sys/firmware",
)
READ_ONLY = ("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger")
PROPAGATION = {None: "PROPAGATION_PRIVATE", "HostToContainer": "PROPAGATION_HOST_TO_CONTAINER"}
FIELDS = {"spec.nodeName": NODE_NAME}
MEMORY = {"": 1, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30}
KNOWN = {
    "container": {"name", "image", "imagePullPolicy", "args", "env", "securityContext", "resources", "volumeMounts"},
    "securityContext": {
        "runAsUser", "runAsGroup", "privileged", "allowPrivilegeEscalation", "readOnlyRootFilesystem", "capabilities",
        "seccompProfile"},
    "mount": {"name", "mountPath", "readOnly", "mountPropagation", "recursiveReadOnly"},
    # Those that decide where a pod runs are for the scheduler.
    "pod": {
        "containers", "volumes", "hostPID", "restartPolicy", "runtimeClassName", "serviceAccountName", "tolerations",
        "affinity", "automountServiceAccountToken", "enableServiceLinks", "terminationGracePeriodSeconds", "nodeSelector"},
}


class Refused(Exception):
    """Why this pod cannot be run as its spec wants."""


def only_known(kind, given):
    """What this translator does not know must not be left out in silence: the pod would have other rights than it says."""
    if unknown := set(given) - KNOWN[kind]:
        raise Refused(f"{kind}: {' '.join(sorted(unknown))}")


def environment(container):
    """{name: value} of the container's env."""
    found = {}
    for variable in container.get("env", []):
        reference = variable.get("valueFrom", {}).get("fieldRef", {}).get("fieldPath")
        found[variable["name"]] = FIELDS[reference] if reference else variable.get("value", "")
    return found


def expanded(argument, variables):
    """$(NAME) replaced where the name is known."""
    return re.sub(r"\$\((\w+)\)", lambda match: variables.get(match[1], match[0]), argument)


def host_path(volume):
    """The directory or file of the node, made where its type wants that, refused where it is not what it should be."""
    path, kind = pathlib.Path(volume["hostPath"]["path"]), volume["hostPath"].get("type", "")
    if kind == "DirectoryOrCreate" and not path.exists():
        path.mkdir(parents=True, mode=0o755)
        path.chmod(0o755)
    expected = {"Directory": stat.S_ISDIR, "DirectoryOrCreate": stat.S_ISDIR, "File": stat.S_ISREG, "CharDevice": stat.S_ISCHR}
    if not path.exists() or not expected[kind](path.stat().st_mode):
        raise Refused(f"hostPath type check failed: {path} is not a {kind}")
    return str(path)


def recursive(spec):
    """Paths in the containers of the mounts below which nothing is to be writable. The API server refuses what contradicts it."""
    wanted = [mount for container in spec["containers"] for mount in container.get("volumeMounts", []) if "recursiveReadOnly" in mount]
    for mount in wanted:
        if mount["recursiveReadOnly"] != "IfPossible" or not mount.get("readOnly") or "mountPropagation" in mount:
            raise Refused(f"recursiveReadOnly: {mount}")
    return [mount["mountPath"] for mount in wanted]


def mounts(spec, container):
    """The container's mounts, as keywords of the CRI's message, which has no word for recursive ones before containerd 2.0."""
    volumes = {volume["name"]: volume for volume in spec.get("volumes", [])}
    found = []
    for mount in container.get("volumeMounts", []):
        only_known("mount", mount)
        found.append({
            "container_path": mount["mountPath"], "host_path": os.path.realpath(host_path(volumes[mount["name"]])),
            "readonly": mount.get("readOnly", False), "propagation": PROPAGATION[mount.get("mountPropagation")]})
    return found


def resources(container):
    """CPU in hundred thousandths of a core's time, memory in bytes."""
    limits, requests = ({**container.get("resources", {}).get(kind, {})} for kind in ("limits", "requests"))
    found = {"cpu_shares": max(2, millicores(requests.get("cpu", "0m")) * 1024 // 1000)}
    if "cpu" in limits:
        found |= {"cpu_period": 100_000, "cpu_quota": millicores(limits["cpu"]) * 100}
    if "memory" in limits:
        number, unit = re.fullmatch(r"(\d+)(\w*)", str(limits["memory"])).groups()
        found["memory_limit_in_bytes"] = int(number) * MEMORY[unit]
    return found


def millicores(text):
    text = str(text)
    return int(text[:-1]) if text.endswith("m") else int(float(text) * 1000)


def namespaces(spec):
    """The network is the node's: there is no CNI here. PIDs are the node's only for who asks for them."""
    return {"network": "NODE", "pid": "NODE" if spec.get("hostPID") else "CONTAINER", "ipc": "POD"}


def security(spec, container):
    """The container's rights, as keywords of the CRI's message."""
    context = container.get("securityContext", {})
    only_known("securityContext", context)
    found = {
        "namespace_options": namespaces(spec), "privileged": context.get("privileged", False),
        "readonly_rootfs": context.get("readOnlyRootFilesystem", False),
        "no_new_privs": not context.get("allowPrivilegeEscalation", True),
        "capabilities": {f"{what}_capabilities": names for what, names in context.get("capabilities", {}).items()},
        "seccomp": {"profile_type": "RUNTIME_DEFAULT" if "seccompProfile" in context else "UNCONFINED"},
    }
    if context.get("seccompProfile", {"type": "RuntimeDefault"}) != {"type": "RuntimeDefault"}:
        raise Refused(f"seccompProfile: {context['seccompProfile']}")
    for key, name in (("runAsUser", "run_as_user"), ("runAsGroup", "run_as_group")):
        if key in context:
            found[name] = {"value": context[key]}
    return found | ({} if found["privileged"] else {"masked_paths": MASKED, "readonly_paths": READ_ONLY})


def container_config(pod, spec, container):
    """The whole container, as keywords of the CRI's message."""
    only_known("pod", spec)
    only_known("container", container)
    variables = environment(container)
    return {
        "metadata": {"name": container["name"]}, "image": {"image": container["image"]},
        "args": [expanded(argument, variables) for argument in container.get("args", [])],
        "envs": [{"key": key, "value": value} for key, value in variables.items()],
        "mounts": mounts(spec, container), "log_path": f"{container['name']}/0.log",
        "labels": labels(pod) | {"io.kubernetes.container.name": container["name"]},
        "linux": {"resources": resources(container), "security_context": security(spec, container)},
    }


def sandbox_config(pod, spec, log_directory):
    """The pod, as keywords of the CRI's message."""
    return {
        "metadata": {"name": pod.name, "uid": pod.uid, "namespace": pod.namespace},
        "log_directory": str(log_directory), "labels": labels(pod),
        "linux": {
            "cgroup_parent": pod.cgroup_parent,
            "security_context": {
                "namespace_options": namespaces(spec), "seccomp": {"profile_type": "RUNTIME_DEFAULT"}}},
    }


def labels(pod):
    return {f"io.kubernetes.pod.{key}": getattr(pod, key) for key in ("name", "namespace", "uid")}
