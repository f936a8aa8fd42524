"""Renders the chart with the real helm, for the tests beside this file."""

import functools
import json
import os
import pathlib
import shutil
import subprocess
import sys

import yaml

# The parser in C where PyYAML has it: dashboards and CronJobs by the dozen take long without.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
ROOT = pathlib.Path(__file__).resolve().parents[2]
CHART = ROOT / "chart"
# So that whoever imports this can import the modules of Tests/Tools.
sys.path.append(str(ROOT / "Tests" / "Tools"))


class RenderError(Exception):
    """helm refused; the text is its complaint."""


def tool(name):
    """A program that setup.sh installed beside this Python, else one of the PATH."""
    beside = pathlib.Path(sys.prefix, "bin", name)
    found = str(beside) if beside.exists() else shutil.which(name)
    if found is None:
        sys.exit(f"{name} is missing: run Tests/Tools/setup.sh")
    return found


def helm(*arguments, kubeconfig=os.devnull):
    """Standard output of helm, which knows no cluster but that of the kubeconfig."""
    environment = {"PATH": os.environ.get("PATH", ""), "HOME": os.environ.get("HOME", "/"), "KUBECONFIG": str(kubeconfig)}
    result = subprocess.run([tool("helm"), *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, env=environment)
    if result.returncode != 0:
        raise RenderError(result.stderr + result.stdout)
    return result.stdout


def run_helm(*arguments, chart=CHART):
    """Standard output of `helm template` for the chart, as a release `gpu-monitoring` in `monitoring`."""
    return helm("template", "gpu-monitoring", str(chart), "--namespace", "monitoring", *arguments)


@functools.lru_cache(maxsize=None)
def rendered_text(arguments):
    return run_helm(*arguments)


@functools.lru_cache(maxsize=None)
def rendered(arguments):
    return [document for document in yaml.load_all(rendered_text(arguments), Loader=LOADER) if document]


def value_arguments(values=None, presets=()):
    """What gives helm these values (a dict of paths), over those of the presets (names in chart/presets)."""
    files = [argument for name in presets for argument in ("--values", str(CHART / "presets" / f"{name}.yaml"))]
    given = [argument for key, value in (values or {}).items() for argument in ("--set-json", f"{key}={json.dumps(value)}")]
    return (*files, *given)


def render(values=None, presets=(), arguments=()):
    """The manifests for these values, over those of the presets."""
    return rendered((*value_arguments(values, presets), *arguments))


def of_kind(manifests, kind):
    return [manifest for manifest in manifests if manifest["kind"] == kind]


def pod_spec(manifest):
    """The spec of the pods that a CronJob or a DaemonSet makes."""
    spec = manifest["spec"]
    if manifest["kind"] == "CronJob":
        spec = spec["jobTemplate"]["spec"]
    return spec["template"]["spec"]


def collector(manifest):
    """The one container of a workload."""
    (container,) = pod_spec(manifest)["containers"]
    return container
