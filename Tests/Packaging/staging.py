"""What the tests beside this file share: make, the executable, and one node to run it on."""

import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXECUTABLE = ROOT / ".build" / "release" / "gpu-sessions"
NODE = ROOT / "Fixtures" / "nodes" / "h100-mig-mixed"


def make(*arguments):
    """Runs make in the repository; returns what it printed, or fails with it."""
    result = subprocess.run(["make", "--no-print-directory", *map(str, arguments)], cwd=ROOT, capture_output=True, text=True)
    if result.returncode != 0:
        raise AssertionError(f"make {arguments}: {result.stdout}{result.stderr}")
    return result.stdout


def node_environment():
    """Variables with which the executable sees that node in place of this machine."""
    return {
        "PATH": os.environ["PATH"],
        "GPU_SESSIONS_FIXTURE": str(NODE),
        "GPU_SESSIONS_NVIDIA_SMI": str(ROOT / "Fixtures/bin/nvidia-smi"),
        "GPU_SESSIONS_HOST_ROOT": str(NODE / "root"),
    }


def documentation(kind):
    """What `help --format` prints."""
    return subprocess.run([EXECUTABLE, "help", "--format", kind], check=True, capture_output=True, text=True).stdout


def files_below(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir())
