"""A Kubernetes API of a few objects, enough for helm to look them up and to try an installation."""

import http.server
import json
import pathlib
import tempfile
import threading
import urllib.parse

import yaml

from rendering import CHART, helm, value_arguments

# Group version: its kinds and their plurals. Those in NAMESPACED have a namespace.
API = {
    "v1": {"Node": "nodes", "Namespace": "namespaces", "Secret": "secrets", "ConfigMap": "configmaps", "ServiceAccount": "serviceaccounts", "Pod": "pods"},
    "apps/v1": {"DaemonSet": "daemonsets"},
    "batch/v1": {"CronJob": "cronjobs", "Job": "jobs"},
    "node.k8s.io/v1": {"RuntimeClass": "runtimeclasses"},
    "security.openshift.io/v1": {"SecurityContextConstraints": "securitycontextconstraints"},
    "networking.k8s.io/v1": {"NetworkPolicy": "networkpolicies"},
    "monitoring.coreos.com/v1": {"PrometheusRule": "prometheusrules"},
}
NAMESPACED = {"Secret", "ConfigMap", "ServiceAccount", "Pod", "DaemonSet", "CronJob", "Job", "NetworkPolicy", "PrometheusRule"}


def node(name, labels=None, taints=None, status=None):
    return {
        "kind": "Node",
        "apiVersion": "v1",
        "metadata": {"name": name, "labels": labels or {}},
        "spec": {"taints": taints or []},
        **({"status": status} if status else {}),
    }


def running(runtime, kubelet="v1.31.4", system="Ubuntu 22.04.5 LTS", handlers=None):
    """What a node says that it runs; `handlers` are those of its runtime, which not every one names."""
    info = {"containerRuntimeVersion": runtime, "kubeletVersion": kubelet, "osImage": system}
    named = {} if handlers is None else {"runtimeHandlers": [{"name": name, "features": {}} for name in handlers]}
    return {"nodeInfo": info, **named}


def runtime_class(name, handler=None):
    return {"kind": "RuntimeClass", "apiVersion": "node.k8s.io/v1", "metadata": {"name": name}, "handler": handler or name}


def namespace(name, labels=None):
    return {"kind": "Namespace", "apiVersion": "v1", "metadata": {"name": name, "labels": labels or {}}}


def discovery(path):
    """What the paths of API discovery answer, None for any other path."""
    groups = [version for version in API if "/" in version]
    if path == "/version":
        return {"major": "1", "minor": "31", "gitVersion": "v1.31.0"}
    if path == "/api":
        return {"kind": "APIVersions", "versions": ["v1"]}
    if path == "/apis":
        versions = [{"groupVersion": version, "version": version.split("/")[1]} for version in groups]
        listed = [{"name": entry["groupVersion"].split("/")[0], "versions": [entry], "preferredVersion": entry} for entry in versions]
        return {"kind": "APIGroupList", "apiVersion": "v1", "groups": listed}
    version = path.removeprefix("/apis/").removeprefix("/api/")
    if version not in API:
        return None
    resources = [
        {"name": plural, "kind": kind, "namespaced": kind in NAMESPACED, "verbs": ["get", "list"]} for kind, plural in API[version].items()
    ]
    return {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": version, "resources": resources}


class FakeCluster:
    """`with FakeCluster(objects) as cluster`. Whoever asks for a kind in `refused` has no right to."""

    def __init__(self, objects, refused=()):
        self.objects, self.refused, self.asked = objects, refused, []

    def __enter__(self):
        cluster = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                code, body = cluster.answer(urllib.parse.urlsplit(self.path).path)
                content = json.dumps(body).encode()
                self.send_response(code)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.folder = tempfile.TemporaryDirectory()
        self.kubeconfig = pathlib.Path(self.folder.name, "kubeconfig")
        self.kubeconfig.write_text(yaml.safe_dump(self.configuration()))
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
        self.folder.cleanup()

    def configuration(self):
        return {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "fake",
            "clusters": [{"name": "fake", "cluster": {"server": f"http://127.0.0.1:{self.server.server_port}"}}],
            "contexts": [{"name": "fake", "context": {"cluster": "fake", "user": "nobody"}}],
            "users": [{"name": "nobody", "user": {}}],
        }

    def answer(self, path):
        """Status and body: discovery, a list, one object, or that there is none."""
        self.asked.append(path)
        found = discovery(path)
        if found:
            return 200, found
        for version, kinds in API.items():
            for kind, plural in kinds.items():
                tail = path.split(f"/{plural}", 1)
                if len(tail) == 2 and path.startswith(("/apis/" if "/" in version else "/api/") + version) and tail[1].count("/") <= 1:
                    return self.objects_of(kind, version, tail[1].lstrip("/"), tail[0])
        return 404, status(404, "NotFound", path)

    def objects_of(self, kind, version, name, path):
        """Those of one namespace where the path has one; an object that says none is in all of them."""
        if kind in self.refused:
            return 403, status(403, "Forbidden", f"cannot list {kind}")
        (asked, *_) = [*path.split("/namespaces/")[1:], ""]
        found = [entry for entry in self.objects if entry["kind"] == kind and name in ("", entry["metadata"]["name"])]
        found = [entry for entry in found if not asked or entry["metadata"].get("namespace", asked) == asked]
        if not name:
            return 200, {"kind": f"{kind}List", "apiVersion": version, "metadata": {"resourceVersion": "1"}, "items": found}
        return (200, found[0]) if found else (404, status(404, "NotFound", name))

    def release(self, values=None, presets=(), dry_run="server"):
        """The release that `helm install` would make on this cluster, which changes nothing."""
        printed = helm(
            "install", "gpu-monitoring", str(CHART), "--namespace", "monitoring", f"--dry-run={dry_run}",
            "--disable-openapi-validation", "--output", "json", *value_arguments(values, presets), kubeconfig=self.kubeconfig,
        )  # fmt: skip
        return json.loads(printed)

    def install(self, values=None, presets=(), dry_run="server"):
        """The manifests and the notes of that release."""
        release = self.release(values, presets, dry_run)
        return [entry for entry in yaml.safe_load_all(release.get("manifest", "")) if entry], release["info"]["notes"]

    def hooks(self, values=None):
        """The manifests of its hooks."""
        return [yaml.safe_load(hook["manifest"]) for hook in self.release(values).get("hooks", [])]


def status(code, reason, message):
    return {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": code, "reason": reason, "message": message}

