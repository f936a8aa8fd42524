"""`make image` with buildah or podman, where the two images that it is built with are on this machine.

GPU_SESSIONS_SWIFT_IMAGE and GPU_SESSIONS_DEBIAN_IMAGE name others than those of the Dockerfile, GPU_SESSIONS_BUILD_OPTIONS is
added to the build. Nothing is pulled: without the images the test is skipped.
"""

import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import unittest

from staging import ROOT, make

RECIPE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
BASES = {
    name: os.environ.get(f"GPU_SESSIONS_{name}", re.search(rf"^ARG {name}=(\S+)$", RECIPE, re.MULTILINE)[1])
    for name in ("SWIFT_IMAGE", "DEBIAN_IMAGE")
}
TOOL = next((tool for tool in ("buildah", "podman") if shutil.which(tool)), None)
IMAGE = "localhost/gpu-sessions:test"


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def missing():
    """Why the image cannot be built here; None if it can."""
    if os.geteuid() != 0 or TOOL is None:
        return "needs root, and buildah or podman"
    for image in BASES.values():
        if subprocess.run([TOOL, "inspect", "--type", "image", image], capture_output=True).returncode != 0:
            return f"{image} is not on this machine"
    return None


class Build(unittest.TestCase):
    @unittest.skipIf(missing(), missing())
    def test_it_is_built_without_tests_and_holds_the_executable_and_glibc_only(self):
        more = " ".join(["--pull=never", *(f"--build-arg {name}={image}" for name, image in BASES.items())])
        options = f"{more} {os.environ.get('GPU_SESSIONS_BUILD_OPTIONS', '')}"
        make("image", f"CONTAINER_TOOL={TOOL}", f"IMAGE={IMAGE}", f"BUILD_OPTIONS={options}")
        self.addCleanup(subprocess.run, [TOOL, "rmi", IMAGE], capture_output=True)
        config = json.loads(output(TOOL, "inspect", "--type", "image", IMAGE))
        text = json.dumps(config)
        revision = output("git", "-C", ROOT, "describe", "--always", "--exclude", "*", "--abbrev=40", "--dirty").strip()
        self.assertIn(f'"org.opencontainers.image.revision": "{revision}"', text)
        if TOOL == "buildah":
            self.look(output("make", "--no-print-directory", "--silent", "-C", str(ROOT), "version").strip())

    def look(self, version):
        """What is in the image, and that it runs."""
        container = output("buildah", "from", "--pull-never", IMAGE).strip()
        self.addCleanup(subprocess.run, ["buildah", "rm", container], capture_output=True)
        root = pathlib.Path(output("buildah", "mount", container).strip())
        programs = sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file() and not path.is_symlink() and ".so" not in path.name)
        self.assertEqual(programs, ["etc/debian_version", "usr/bin/gpu-sessions"])
        run = shlex.split("buildah run --isolation chroot")
        self.assertEqual(output(*run, container, "--", "/usr/bin/gpu-sessions", "--version"), f"gpu-sessions {version}\n")


if __name__ == "__main__":
    unittest.main()
