"""`make install`, `install-cron`, `install-systemd` and `uninstall`, into a staging directory."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from staging import files_below, make, node_environment

SHARE = "usr/local/share/"
INSTALLED = sorted([
    "usr/local/bin/gpu-sessions",
    SHARE + "bash-completion/completions/gpu-sessions",
    SHARE + "fish/vendor_completions.d/gpu-sessions.fish",
    SHARE + "man/man1/gpu-sessions.1",
    SHARE + "zsh/site-functions/_gpu-sessions",
])


class Install(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.stage = pathlib.Path(folder.name)

    def make(self, *targets, **settings):
        return make(*targets, f"DESTDIR={self.stage}", *(f"{key}={value}" for key, value in settings.items()))

    def test_uninstall_leaves_no_file_of_any_target(self):
        self.make("install")
        self.assertEqual(files_below(self.stage), INSTALLED)
        self.make("install-cron")
        self.make("install-systemd")
        units = [f"etc/systemd/system/gpu-sessions.{kind}" for kind in ("service", "timer")]
        self.assertEqual(files_below(self.stage), sorted([*INSTALLED, "etc/cron.d/gpu-sessions", *units]))
        published = self.stage / "var/lib/node_exporter/textfile_collector/gpu_sessions.prom"
        published.write_text("# old\n")
        self.make("uninstall")
        self.assertEqual(files_below(self.stage), [])

    def test_everybody_can_read_what_is_installed_whatever_the_umask(self):
        before = os.umask(0o077)
        try:
            self.make("install-cron", "install-systemd")
        finally:
            os.umask(before)
        closed = [path for path in self.stage.rglob("*") if path.stat().st_mode & 0o044 != 0o044]
        self.assertEqual(closed, [])

    def test_the_line_for_cron_publishes_where_node_exporter_reads(self):
        directory = self.stage / "textfile"
        self.make("install-cron", PREFIX="/opt/gpu", TEXTFILE_DIRECTORY="/textfile")
        table = (self.stage / "etc/cron.d/gpu-sessions").read_text()
        settings = dict(re.findall(r"^(\w+)=(.*)$", table, re.MULTILINE))
        (line,) = re.findall(r"^\* \* \* \* \* root (.*)$", table, re.MULTILINE)
        self.assertEqual(line, "/opt/gpu/bin/gpu-sessions")
        self.assertEqual(settings["GPU_SESSIONS_OUTPUT"], "/textfile/gpu_sessions.prom")
        environment = node_environment() | {"GPU_SESSIONS_OUTPUT": f"{self.stage}{settings['GPU_SESSIONS_OUTPUT']}"}
        result = subprocess.run(["sh", "-c", f"{self.stage}{line}"], env=environment, capture_output=True)
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, b"", b""))
        self.assertIn("gpu_total_sessions 5\n", (directory / "gpu_sessions.prom").read_text())

    @unittest.skipUnless(shutil.which("systemd-analyze"), "systemd-analyze is not installed")
    def test_systemd_has_nothing_to_say_about_the_units(self):
        # It wants to see the executable and the manual where the units say that they are.
        self.make("install-systemd", PREFIX=f"{self.stage}/usr", DESTDIR="", UNITS=f"{self.stage}/units", TEXTFILE_DIRECTORY=f"{self.stage}/textfile")
        units = sorted((self.stage / "units").iterdir())
        self.assertEqual(len(units), 2)
        result = subprocess.run(["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True)
        complaints = [line for line in result.stderr.splitlines() if "gpu-sessions" in line]
        self.assertEqual((result.returncode, complaints), (0, []))


if __name__ == "__main__":
    unittest.main()
