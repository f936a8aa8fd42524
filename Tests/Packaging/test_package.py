"""`make package`: the .deb is installed, run and removed by dpkg on a copy of this machine that is thrown away."""

import os
import pathlib
import subprocess
import tarfile
import tempfile
import unittest

from staging import ROOT, make, node_environment

# Below an overlay of the whole machine; what it changes is seen in the upper directory.
STEPS = """
set -eu
mount -t tmpfs none "$1"
mkdir "$1/upper" "$1/work" "$1/root"
mount -t overlay none -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$1/root"
mount --bind /dev "$1/root/dev"
mount -t proc none "$1/root/proc"
mkdir -p "$1/root/node" && mount --bind "$2" "$1/root/node"
shift 2
"""
TRY = "mount -t tmpfs none /mnt && mkdir /mnt/u /mnt/w /mnt/r && mount -t overlay none -o lowerdir=/,upperdir=/mnt/u,workdir=/mnt/w /mnt/r"
# dpkg's own state, and what this test itself puts there.
OWN = ("var/lib/dpkg/", "var/log/", "var/cache/", "node/", "tmp/")


def can_overlay():
    return subprocess.run(["unshare", "--mount", "sh", "-c", TRY], capture_output=True).returncode == 0


class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        make("package")
        (cls.deb,) = (ROOT / ".build/packages").glob("*.deb")

    def on_a_copy(self, script):
        """Runs the script as root of a copy of this machine; its output, and the paths that differ afterwards."""
        with tempfile.TemporaryDirectory() as folder:
            look = f'\ncd {folder}/upper && find . ! -type d -printf "%P %y\\n" >&2'
            whole = STEPS + f'chroot "{folder}/root" sh -euc \'{script}\'' + look
            result = subprocess.run(["unshare", "--mount", "--pid", "--fork", "sh", "-c", whole, "sh", folder, str(ROOT)], env=node_environment() | {"LC_ALL": "C"}, capture_output=True, text=True)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        changed = [line for line in result.stderr.splitlines() if line[-2:] in (" f", " l", " c") and not line.startswith(OWN)]
        return result.stdout, sorted(changed)

    @unittest.skipUnless(os.geteuid() == 0 and can_overlay(), "needs root and an overlay of /")
    def test_installed_it_runs_and_removed_it_leaves_nothing(self):
        deb = pathlib.PurePath("/node") / self.deb.relative_to(ROOT)
        published = "/var/lib/node_exporter/textfile_collector/gpu_sessions.prom"
        environment = " ".join(f"{key}={value}".replace(str(ROOT), "/node") for key, value in node_environment().items() if key != "PATH")
        install = f"dpkg -i {deb}; {environment} gpu-sessions; grep -c ^gpu_process_info {published}; man -w gpu-sessions || true"
        output, changed = self.on_a_copy(install)
        self.assertIn("\n6\n", output)
        self.assertIn("usr/bin/gpu-sessions f", changed)
        self.assertIn("usr/lib/systemd/system/gpu-sessions.timer f", changed)
        self.assertIn(published[1:] + " f", changed)
        output, changed = self.on_a_copy(install + "; dpkg -P gpu-sessions; ls -d /var/lib/node_exporter || true")
        self.assertEqual(changed, [])
        self.assertNotIn("\n/var/lib/node_exporter\n", output)

    def test_the_same_executable_gives_the_same_bytes_whoever_packs_it_and_sha256sum_agrees(self):
        packed = []
        for umask, zone in (("022", "UTC"), ("077", "Asia/Seoul")):
            with tempfile.TemporaryDirectory(dir=ROOT / ".build") as folder:
                out = pathlib.Path(folder) / "packages"
                environment = os.environ | {"SOURCE_DATE_EPOCH": "4000000000", "OUT": str(out.relative_to(ROOT)), "TZ": zone}
                subprocess.run(["sh", "-c", f"umask {umask} && exec packaging/package.sh 1.2.3"], cwd=ROOT, env=environment, check=True, capture_output=True)
                subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=out, check=True)
                packed.append((out / "SHA256SUMS").read_text())
        self.assertEqual(packed[0].count("\n"), 3)
        self.assertEqual(packed[0], packed[1])

    def test_the_package_says_what_it_is(self):
        fields = subprocess.run(["dpkg-deb", "--field", self.deb, "Package", "Version", "Architecture"], check=True, capture_output=True, text=True).stdout
        self.assertIn("Package: gpu-sessions\n", fields)
        scripts = subprocess.run(["dpkg-deb", "--ctrl-tarfile", self.deb], check=True, capture_output=True).stdout
        self.assertIn(b"postinst", scripts)

    def test_the_tarball_holds_every_file_that_its_spec_lists(self):
        (tarball,) = (ROOT / ".build/packages").glob("*.tar.gz")
        with tarfile.open(tarball) as archive:
            members = {f"/{member.name}": member for member in archive.getmembers()}
        spec = (ROOT / ".build/packages/gpu-sessions.spec").read_text()
        self.assertNotIn("@", spec.split("%description")[0])
        self.assertIn(tarball.name, spec)
        listed = [line for line in spec.split("%files")[1].splitlines() if line.startswith("/")]
        self.assertGreater(len(listed), 6)
        made = [path for path in listed if "/system-preset/" in path]
        self.assertEqual(len(made), 1)
        self.assertEqual([path for path in listed if path not in members], made)
        self.assertEqual({(member.uid, member.gid) for member in members.values()}, {(0, 0)})
        files = [path for path, member in members.items() if member.isfile()]
        self.assertEqual([path for path in files if not any(path.startswith(entry) for entry in listed)], [])
        # What Prometheus and Grafana need of it.
        more = {path.removeprefix("/usr/share/gpu-sessions/") for path in files if path.startswith("/usr/share/gpu-sessions/")}
        dashboards = {f"grafana/{path.name}" for path in (ROOT / "chart/dashboards").glob("*.json")}
        self.assertEqual(more, {"prometheus/gpu-sessions.rules.yml"} | dashboards)


if __name__ == "__main__":
    unittest.main()
