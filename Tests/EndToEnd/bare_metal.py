#!/usr/bin/env python3
"""The packages, `make install-cron` and their runs on a Debian with systemd as PID 1, each test on a machine of its own.

nvidia-smi is that of Fixtures/bin, on a node of Fixtures. Where no machine can be booted it says why, and is skipped.
"""

import pathlib
import re
import shutil
import sys
import unittest

import beside  # noqa: F401
import machine
from machine import ROOT

TEXTFILES = "/var/lib/node_exporter/textfile_collector"
PUBLISHED = f"{TEXTFILES}/gpu_sessions.prom"
DEBIANS = "/var/lib/prometheus/node-exporter/gpu_sessions.prom"
MAINTAINER = "gpu-sessions <gpu-sessions@example.org>"
OUT = ROOT / ".build/machine-packages"
TIMER, SERVICE = "gpu-sessions.timer", "gpu-sessions.service"


def package(version):
    """The directory with packages of the executable that is built, said to be of that version."""
    out = OUT / version
    settings = {"OUT": str(out.relative_to(ROOT)), "MAINTAINER": MAINTAINER, "PATH": machine.os.environ["PATH"]}
    machine.run("packaging/package.sh", version, cwd=ROOT, env=settings)
    return out


def node(name, **more):
    """Lines of /etc/default/gpu-sessions with which a run sees that node."""
    variables = {
        "FIXTURE": f"/fixtures/nodes/{name}", "NVIDIA_SMI": "/fixtures/bin/nvidia-smi",
        "HOST_ROOT": f"/fixtures/nodes/{name}/root", **more,
    }
    return "".join(f"GPU_SESSIONS_{key}={value}\n" for key, value in variables.items())


class BareMetal(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.packages, cls.newer = package("1.0.0"), package("1.0.1")

    def setUp(self):
        self.machine = self.enterContext(machine.Machine())
        for folder in (self.packages, self.newer):
            shutil.copytree(folder, self.machine.root / folder.name)
        self.see("h100-mig-mixed")

    def see(self, name, **more):
        """From the next run on the unit sees that node."""
        (self.machine.root / "etc/default/gpu-sessions").write_text(node(name, **more))

    def sh(self, script):
        return self.machine.sh(script)

    def install(self, version="1.0.0"):
        self.sh(f"dpkg -i /{version}/*.deb")

    def timer(self):
        """Whether the timer is enabled, and whether it runs."""
        return self.machine.ask(f"systemctl is-enabled {TIMER}"), self.machine.ask(f"systemctl is-active {TIMER}")

    def file(self, path):
        return self.machine.root / path.lstrip("/")

    def run_unit(self):
        # systemd refuses more than five starts in ten seconds.
        self.sh(f"systemctl reset-failed {SERVICE} 2>/dev/null || true; systemctl start {SERVICE}")

    def journal(self):
        """What the journal has of the service, but for its first line."""
        self.sh("journalctl --sync")
        text = self.sh(f"journalctl --unit={SERVICE} --output=cat --quiet")
        return text.splitlines()


class Package(BareMetal):
    def test_installed_it_runs_by_itself_and_node_exporter_serves_what_it_publishes(self):
        self.machine.boot()
        self.sh(f"""echo 'ARGS="--collector.textfile.directory={TEXTFILES}"' >/etc/default/prometheus-node-exporter
                    systemctl restart prometheus-node-exporter""")
        self.install()
        self.assertEqual(self.timer(), ("enabled", "active"))
        machine.wait_for("the timer's first run", self.file(PUBLISHED).exists, 70)
        request = r"exec 3<>/dev/tcp/127.0.0.1/9100; printf 'GET /metrics HTTP/1.0\r\n\r\n' >&3; cat <&3"
        served = machine.wait_for("node_exporter", lambda: re.search(r"^gpu_total_sessions \d+$", self.sh(request), re.MULTILINE))
        self.assertEqual(served[0], "gpu_total_sessions 5")
        self.assertRegex(self.machine.ask("gpu-sessions check"), r"pass  published-file      written \d+s ago, whole")

    def test_removed_and_installed_again_it_runs_and_purged_it_leaves_nothing(self):
        self.machine.boot()
        self.install()
        self.run_unit()
        self.assertTrue(self.file(PUBLISHED).exists())
        self.sh("dpkg -r gpu-sessions")
        self.assertFalse(self.file(PUBLISHED).exists())
        self.assertEqual(self.timer()[1], "inactive")
        self.install()
        self.assertEqual(self.timer(), ("enabled", "active"))
        self.sh("dpkg -P gpu-sessions")
        left = self.sh("find / -xdev -name '*gpu[-_]sessions*' -not -path '/fixtures/*' -not -path '/1.0.*' -not -path '/proc/*'")
        self.assertEqual(left, "")
        self.assertFalse(self.file("/var/lib/node_exporter").exists())

    def test_what_the_administrator_has_decided_stays(self):
        self.machine.boot()
        self.install()
        self.install("1.0.1")
        self.assertEqual(self.timer(), ("enabled", "active"))
        self.sh(f"systemctl disable --now {TIMER}")
        self.install("1.0.0")
        self.assertEqual(self.timer(), ("disabled", "inactive"))
        self.sh("dpkg -r gpu-sessions")
        self.install()
        self.assertEqual(self.timer(), ("disabled", "inactive"))

    def test_a_timer_that_is_masked_does_not_break_the_installation(self):
        self.machine.boot()
        self.sh(f"systemctl mask {TIMER}")
        self.install()
        self.assertEqual(self.timer(), ("masked", "inactive"))
        self.assertEqual(self.sh("dpkg-query --show --showformat '${db:Status-Abbrev}' gpu-sessions").strip(), "ii")

    def test_installed_in_a_chroot_it_runs_from_the_first_boot_on(self):
        self.install()
        self.machine.boot()
        self.assertEqual(self.timer(), ("enabled", "active"))

    def test_lintian_has_nothing_to_say(self):
        said = self.sh("lintian --allow-root --fail-on error,warning --info /1.0.0/*.deb")
        self.assertEqual(said, "")

    def test_rpmbuild_makes_a_package_of_the_spec_that_installs_and_removes_itself(self):
        self.machine.boot()
        shutil.copy(ROOT / "packaging/ci/rpm.sh", self.machine.root)
        self.sh("/rpm.sh /1.0.0 && cd /1.0.0 && sha256sum --check --quiet SHA256SUMS")
        rpm = "rpm --force-debian --nodeps"
        self.sh(f"{rpm} --install /1.0.0/*.rpm")
        self.assertEqual(self.timer(), ("enabled", "active"))
        self.run_unit()
        self.assertTrue(self.file(PUBLISHED).exists())
        self.assertEqual(self.sh("rpm --force-debian --verify --nodeps gpu-sessions"), "")
        self.sh(f"{rpm} --erase gpu-sessions")
        self.assertEqual(self.timer()[1], "inactive")
        self.assertFalse(self.file(PUBLISHED).exists())
        self.assertFalse(self.file("/usr/bin/gpu-sessions").exists())


class Unit(BareMetal):
    def setUp(self):
        super().setUp()
        self.machine.boot()
        self.install()
        self.sh(f"systemctl stop {TIMER}")

    def test_runs_without_anything_to_say_leave_no_line_and_a_failure_is_said_when_something_changes(self):
        self.run_unit()
        self.run_unit()
        self.assertEqual(self.journal(), [])
        self.see("driver-down")
        self.run_unit()
        begins = self.journal()
        self.assertEqual(len(begins), 1, begins)
        self.assertIn("gpu-sessions: error: ", begins[0])
        self.run_unit()
        self.assertEqual(self.journal(), begins)
        self.assertIn("\ngpu_session_collector_success 0\n", self.file(PUBLISHED).read_text())
        self.see("version-mismatch")
        self.run_unit()
        changes = self.journal()[1:]
        self.assertEqual(len(changes), 1, changes)
        self.assertIn("gpu-sessions: error: ", changes[0])
        self.assertNotEqual(changes, begins)
        self.see("h100-mig-mixed")
        self.run_unit()
        self.run_unit()
        self.assertEqual(self.journal()[2:], [changes[0].replace("error: ", "resolved: error: ", 1)])
        warnings = self.sh(f"journalctl --unit={SERVICE} --output=cat --quiet --priority=warning --boot")
        self.assertEqual(len(warnings.splitlines()), 3)

    def test_it_publishes_where_debians_node_exporter_reads_and_removes_it_from_there(self):
        self.see("h100-mig-mixed", OUTPUT=DEBIANS)
        self.run_unit()
        self.assertIn("\ngpu_total_sessions 5\n", self.file(DEBIANS).read_text())
        self.sh("dpkg -P gpu-sessions")
        self.assertFalse(self.file(DEBIANS).exists())
        self.assertTrue(self.file(DEBIANS).parent.exists())

    def test_another_directory_has_to_be_opened_as_the_unit_says(self):
        elsewhere = "/srv/textfiles/gpu_sessions.prom"
        self.sh("mkdir /srv/textfiles")
        self.see("h100-mig-mixed", OUTPUT=elsewhere)
        self.assertIn("failed", self.machine.ask(f"systemctl start {SERVICE}"))
        unit = self.file(f"/usr/lib/systemd/system/{SERVICE}").read_text()
        self.assertIn("systemctl edit gpu-sessions.service, with [Service] and ReadWritePaths=DIRECTORY", unit)
        folder = self.file(f"/etc/systemd/system/{SERVICE}.d")
        folder.mkdir()
        (folder / "override.conf").write_text("[Service]\nReadWritePaths=/srv/textfiles\n")
        self.sh("systemctl daemon-reload")
        self.run_unit()
        self.assertTrue(self.file(elsewhere).exists())

    def test_it_may_run_as_long_as_its_own_options_say(self):
        self.assertEqual(self.sh(f"systemctl show --property=TimeoutStartUSec {SERVICE}").strip(), "TimeoutStartUSec=infinity")

    def test_every_shell_finds_its_completions(self):
        zsh = "zsh -fc 'autoload -Uz compinit && compinit -u -D && print $_comps[gpu-sessions]'"
        self.assertEqual(self.sh(zsh).strip(), "_gpu-sessions")
        self.assertIn("--nvidia-smi", self.sh("fish -c 'complete -C \"gpu-sessions collect --n\"'"))
        bash = "source /usr/share/bash-completion/bash_completion; _completion_loader gpu-sessions || true; complete -p gpu-sessions"
        self.assertEqual(self.sh(f"bash -c '{bash}'").strip(), "complete -F _gpu_sessions gpu-sessions")

    def test_the_manual_is_found_and_names_the_file_of_variables(self):
        self.assertIn("/etc/default/gpu-sessions", self.sh("man gpu-sessions | cat"))


class Cron(BareMetal):
    def test_a_failure_is_one_mail(self):
        machine.run("make", "--silent", "install-cron", f"DESTDIR={self.machine.root}", cwd=ROOT)
        table = self.file("/etc/cron.d/gpu-sessions")
        table.write_text(node("driver-down") + table.read_text())
        mailer = self.file("/usr/sbin/sendmail")
        mailer.write_text("#!/bin/sh\ncat >>/mails\necho END >>/mails\n")
        mailer.chmod(0o755)
        self.machine.boot()
        machine.wait_for("cron's first run", self.file("/mails").exists, 70)
        first = self.file(PUBLISHED).stat().st_mtime_ns
        machine.wait_for("cron's second run", lambda: self.file(PUBLISHED).stat().st_mtime_ns != first, 70)
        # cron mails when a run has ended, and waits for the mailer.
        machine.wait_for("the second run's end", lambda: not self.sh("cat /proc/$(cat /run/crond.pid)/task/*/children").strip())
        mails = self.file("/mails").read_text()
        self.assertEqual(mails.count("END\n"), 1, mails)
        self.assertEqual(mails.count("gpu-sessions: error: "), 1, mails)


def main():
    try:
        machine.prepare()
    except machine.Unable as reason:
        print(f"{pathlib.Path(__file__).name}: skipped: {reason}")
        return
    unittest.main(argv=[sys.argv[0], *sys.argv[1:]], verbosity=2)


if __name__ == "__main__":
    main()
