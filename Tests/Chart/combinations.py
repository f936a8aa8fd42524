"""Combinations of values and presets whose manifests several tests look at, rendered once."""

from rendering import CHART, rendered, rendered_text, value_arguments

from fixtures import at_once

# What users of this system have in their values.
EXISTING = {
    "gpu-session-monitoring.enabled": True,
    "gpu-session-monitoring.collection.schedule": "*/1 * * * *",
    "gpu-session-monitoring.collection.resources": {
        "requests": {"memory": "128Mi", "cpu": "100m"},
        "limits": {"memory": "256Mi", "cpu": "200m"},
    },
    "gpu-session-monitoring.nodeSelector": {"accelerator": "nvidia"},
    "gpu-session-monitoring.tolerations": [{"key": "nvidia.com/gpu", "operator": "Exists", "effect": "NoSchedule"}],
}
POOLS = [
    {"name": "whole", "nodeSelector": {"kind": "whole"}, "collection": {"nodes": ["a", "b"]}, "runtimeClassName": "nvidia"},
    {"name": "mig", "nodeSelector": {"kind": "mig"}, "driver": {"migMonitor": True}, "collection": {"mode": "daemonset"}},
]
EVERYTHING = {
    "collection.nodes": ["gpu-a", "gpu-b.example"],
    "collection.interval": 15,
    "collection.labels": {"site": "a", "rack": 7},
    "collection.extraArgs": ["--quiet"],
    "image.digest": "sha256:" + "0" * 64,
    "imagePullSecrets": [{"name": "registry"}],
    "runtimeClassName": "nvidia",
    "dynamicResourceAllocation": True,
    "driver": {"hostPath": "/opt/driver", "migMonitor": True, "libraryPath": "/usr/local/nvidia/lib64", "devicesAsMounts": True},
    "env": [{"name": "HTTP_PROXY", "value": "none"}],
    "seLinuxOptions": {"type": "spc_t", "level": "s0"},
    "priorityClass": {"create": True, "name": "gpu-sessions"},
    "labels": {"team": "gpu", "cost-center": 4711},
    "podLabels": {"sidecar.istio.io/inject": False},
    "podAnnotations": {"example.com/count": 1000000},
    "openshift.scc": True,
    "prometheusRule": {"enabled": True, "labels": {"release": "kube-prometheus-stack"}},
    "dashboards.enabled": True,
    "securityContext.runAsUser": 1000650000,
    "extraManifests": [{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "{{ .Release.Name }}-more"}}],
}
VALUES = {
    "default": {},
    "existing": EXISTING,
    "nodes": {"collection.nodes": ["gpu-a", "gpu-b"]},
    "daemonset": {"collection.mode": "daemonset", "collection.maxUnavailable": 3},
    "daemonset with nodes": {"collection.mode": "daemonset", "collection.nodes": ["gpu-a", "gpu-b"]},
    "no tolerations": {"tolerations": []},
    "nothing mounted": {"hostPaths": dict.fromkeys(("cgroup", "podLogs", "containerLogs", "runtime", "devicePlugins", "passwd"), "")},
    "pools": {"pools": POOLS},
    "everything": EVERYTHING,
    "everything, daemonset": {**EVERYTHING, "collection.mode": "daemonset"},
}
PRESETS = sorted(path.stem for path in (CHART / "presets").glob("*.yaml"))
# Presets that are added to those of a platform, on one where that makes sense.
ADDED = {"mig": "gpu-operator", "foreign-textfile-owner": "k3s", "privileged": "bottlerocket"}


def all_arguments():
    """Name: what gives helm that combination."""
    found = {name: value_arguments(values) for name, values in VALUES.items()}
    found |= {f"preset {name}": value_arguments(presets=[name]) for name in PRESETS}
    found |= {f"preset {name} after {platform}": value_arguments(presets=[platform, name]) for name, platform in ADDED.items()}
    return found


def for_release(release):
    """What tells helm the cluster's release of Kubernetes, such as 1.31; None: helm's own."""
    return ("--kube-version", f"{release}.0") if release else ()


def all_texts(release=None):
    """Name: the rendered text. helm runs in processes of its own, so threads are enough to use every core."""
    combinations = {name: (*arguments, *for_release(release)) for name, arguments in all_arguments().items()}
    return dict(zip(combinations, at_once(rendered_text, combinations.values())))


def all_manifests(release=None):
    """Name: the manifests for a release of Kubernetes."""
    all_texts(release)
    return {name: rendered((*arguments, *for_release(release))) for name, arguments in all_arguments().items()}


def ci_manifests(release=None):
    """Name: the manifests of each file of values in chart/ci, which also have what no preset has: the node's network, volumes."""
    files = {f"ci {path.name}": ("--values", str(path)) for path in sorted((CHART / "ci").glob("*-values.yaml"))}
    return {name: rendered((*arguments, *for_release(release))) for name, arguments in files.items()}


def workloads(manifests):
    return [manifest for manifest in manifests if manifest["kind"] in ("CronJob", "DaemonSet")]
