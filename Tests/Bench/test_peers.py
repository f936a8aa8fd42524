"""Peers are measured only where they end for want of a driver, and their table says that it is a lower bound."""

import json
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import measuring
import peers
import report

PINNED = dict(line.split("==") for line in (measuring.SOURCES / "requirements.txt").read_text().split())
NVITOP = "FATAL ERROR: NVIDIA Management Library (NVML) not found."
GPUSTAT = "Error on querying NVIDIA devices. Use --debug flag to see more details.\nNVML Shared Library Not Found"


def spread(value):
    return measuring.Spread(value, value, value)


def measured(tree, rss):
    return measuring.Measured(spread(tree), spread(tree), spread(tree), spread(rss))


class StartUp(unittest.TestCase):
    """Shell scripts in the place of the peers."""

    def setUp(self):
        self.place = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        (self.place / "bin").mkdir()
        for name in peers.COMMANDS:
            self.write(name, NVITOP, 1)

    def write(self, name, text, status):
        path = self.place / "bin" / name
        path.write_text(f"#!/bin/sh\ncat <<'END' >&2\n{text}\nEND\nexit {status}\n")
        path.chmod(0o755)

    def test_both_sentences_about_the_library_are_known(self):
        self.write("gpustat", GPUSTAT, 1)
        self.assertEqual([peers.start_up(name, self.place) for name in peers.COMMANDS], [None] * len(peers.COMMANDS))

    def test_one_that_runs_or_fails_otherwise_is_not_measured(self):
        for text, status in (("GPU 0: 12 %", 0), ("ModuleNotFoundError: No module named 'psutil'", 1), (NVITOP, 2)):
            self.write("gpustat", text, status)
            self.assertIn(f"exit status {status}", peers.start_up("gpustat", self.place))

    def test_one_that_is_missing_is_named(self):
        (self.place / "bin/nvitop").unlink()
        self.assertEqual(peers.start_up("nvitop", self.place), "nvitop: FileNotFoundError")
        self.assertIn("not installed", peers.why_not(self.place))

    def test_each_peer_is_pinned_to_one_version(self):
        self.assertLessEqual(peers.COMMANDS.keys(), PINNED.keys())

    @unittest.skipUnless((peers.ENVIRONMENT / "bin/python").exists(), "the peers are not installed")
    def test_the_installed_versions_are_the_pinned_ones(self):
        self.assertEqual(peers.versions(), {name: PINNED[name] for name in peers.COMMANDS})


@unittest.skipIf(shutil.which("cc") is None, "no C compiler")
class Launcher(unittest.TestCase):
    """measure.c, of commands that have to fail and of commands that must not."""

    def run_all(self, *commands):
        command = [measuring.compiled("measure"), "2"]
        for one in commands:
            command += [*one, "--"]
        return subprocess.run(command[:-1], capture_output=True, text=True, check=False)

    def test_a_command_that_has_to_fail_is_measured_and_says_nothing(self):
        noisy = ["/bin/sh", "-c", "echo no driver >&2; exit 1"]
        done = self.run_all(["/bin/true"], measuring.failing(noisy))
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(sorted(line.split()[0] for line in done.stdout.splitlines()), ["0", "0", "1", "1"])

    def test_another_exit_status_than_expected_ends_it(self):
        for command in (["/bin/false"], measuring.failing(["/bin/true"]), measuring.failing(["/bin/sh", "-c", "exit 2"])):
            self.assertEqual(self.run_all(command).returncode, 1, command)


class Report(unittest.TestCase):
    OURS, PEER = measured(8e6, 7 * 1024), peers.Peer("nvitop", "1.7.2", measured(120e6, 21 * 1024))

    def test_ratios_are_to_our_whole_run_and_called_lower_bounds(self):
        text = report.peers(self.OURS, [self.PEER])
        row = next(line for line in text.splitlines() if "nvitop" in line)
        self.assertEqual([cell.strip() for cell in row.split("|")][4:7], ["15.0", "21.0", "3.0"])
        self.assertIn("1.7.2, its start-up alone without a driver", row)
        self.assertIn("lower bounds", text)

    def test_without_peers_there_is_no_table_of_them(self):
        self.assertNotIn("driver", report.markdown([], [], []))
        self.assertIn("driver", report.markdown([], [], [], (self.OURS, [self.PEER])))

    def test_programs_read_that_it_is_a_lower_bound(self):
        found = json.loads(json.dumps(report.as_json([], [], [], (self.OURS, [self.PEER]))))["peers"]
        self.assertEqual(found["ours"]["rss"]["median"], 7 * 1024)
        (one,) = found["start-up alone, a lower bound"]
        self.assertEqual((one["name"], one["version"]), ("nvitop", "1.7.2"))


if __name__ == "__main__":
    unittest.main()
