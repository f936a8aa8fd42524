"""`show --interval` on a pseudo-terminal: what it draws, what changes, and what it leaves behind."""

import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import unittest

import beside  # noqa: F401
from terminal import Terminal

import fixtures

EXECUTABLE = pathlib.Path(os.environ.get("EXECUTABLE", fixtures.ROOT / ".build/release/gpu-sessions")).resolve()
NODE = "h100-mig-mixed"
DOWN = "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.\n"


class LiveView(unittest.TestCase):
    """Each test has a copy of a recorded node, whose answers it changes."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.node = pathlib.Path(folder.name, "node")
        shutil.copytree(fixtures.ROOT / fixtures.NODES / NODE, self.node, symlinks=True)

    def command(self, *options):
        """The command line."""
        return [str(EXECUTABLE), "show", "--nvidia-smi", str(fixtures.ROOT / "Fixtures/bin/nvidia-smi"),
                "--host-root", str(self.node / "root"), *options]

    def environment(self):
        """The variables, without settings of the person who runs this."""
        kept = {name: value for name, value in fixtures.environment(self.node).items() if name != "COLUMNS"}
        return kept | {"TERM": "xterm", "NO_COLOR": "1"}

    def terminal(self, *options, columns=100, rows=40, interval="0.3", **more):
        """The live view on a terminal."""
        terminal = Terminal(self.command("--interval", interval, *options), self.environment(), columns, rows, **more)
        return terminal

    def rewrite(self, query, change):
        """Replaces the answer to a query at once, as a new file."""
        path = self.node / f"nvidia-smi/{query}.stdout"
        new = path.with_suffix(".new")
        new.write_text("".join(change(path.read_text().splitlines(keepends=True))))
        new.rename(path)

    def without(self, pid):
        """Lets nvidia-smi forget a process."""
        for query in ("table", "pmon", "query-compute-apps"):
            self.rewrite(query, lambda lines: [line for line in lines if f"{pid}" not in line])

    def assert_restored(self, terminal):
        """The normal screen is back, with its cursor, lines go on at their end, and keys are shown."""
        self.assertTrue(terminal.keys[0])
        self.assertEqual(terminal.screen.modes, {"25": True, "7": True, "1049": False})
        self.assertEqual(terminal.raw.count(b"\x1b[?1049h"), 1)
        self.assertEqual(terminal.raw.count(b"\x1b[?1049l"), 1)

    def test_it_draws_the_table_and_ctrl_c_restores_the_screen(self):
        once = subprocess.run(self.command(), env=self.environment() | {"COLUMNS": "100"}, capture_output=True,
                              text=True, check=True, timeout=60).stdout
        with self.terminal() as terminal:
            text = terminal.wait_for(lambda text: "GPU 1" in text and "30410" in text)
            self.assertEqual(text.splitlines()[2:], once.splitlines())
            self.assertTrue(terminal.screen.modes["1049"] and not terminal.screen.modes["25"])
            terminal.type(b"\x03")
            self.assertEqual(terminal.wait_for_end(), 0)
            self.assert_restored(terminal)
            self.assertNotIn("GPU", terminal.screen.normal)

    def test_keys_are_neither_shown_nor_obeyed_and_work_again_afterwards(self):
        with self.terminal(interval="1") as terminal:
            before = terminal.keys
            terminal.wait_for(lambda text: "GPU 1" in text)
            self.assertNotEqual(terminal.keys, before)
            terminal.type(b"typed\x1a\x1c")
            terminal.read(2)
            self.assertNotIn(b"typed", terminal.raw)
            terminal.type(b"\x03")
            self.assertEqual(terminal.wait_for_end(), 0)
            self.assertEqual(terminal.keys, before)
            self.assert_restored(terminal)

    def test_without_a_terminal_as_input_it_draws_all_the_same(self):
        with self.terminal(stdin=subprocess.DEVNULL) as terminal:
            before = terminal.keys
            terminal.wait_for(lambda text: "GPU 1" in text)
            self.assertEqual(terminal.keys, before)

    def test_sigterm_restores_the_screen(self):
        with self.terminal() as terminal:
            terminal.wait_for(lambda text: "GPU 1" in text)
            terminal.process.send_signal(signal.SIGTERM)
            self.assertEqual(terminal.wait_for_end(), 0)
            self.assert_restored(terminal)

    def test_a_signal_while_nvidia_smi_hangs_restores_the_screen(self):
        with self.terminal() as terminal:
            terminal.wait_for(lambda text: "GPU 1" in text)
            (self.node / "nvidia-smi/query-gpu.delay").write_text("3600\n")
            terminal.read(1)
            terminal.type(b"\x03")
            terminal.wait_for_end()
            self.assert_restored(terminal)

    def test_a_process_that_ends_is_marked_once_and_then_gone(self):
        with self.terminal(interval="1") as terminal:
            terminal.wait_for(lambda text: "30410" in text)
            self.without(30410)
            marked = terminal.wait_for(lambda text: "  -  30410" in text)
            self.assertIn("idle", next(line for line in marked.splitlines() if line.startswith("GPU 1")))
            gone = terminal.wait_for(lambda text: "30410" not in text)
            self.assertEqual([line for line in gone.splitlines() if line.startswith("  -  ")], [])

    def test_a_process_that_starts_is_marked(self):
        saved = {path: path.read_text() for path in (self.node / "nvidia-smi").glob("*.stdout")}
        self.without(30410)
        with self.terminal(interval="1") as terminal:
            terminal.wait_for(lambda text: "GPU 1" in text and "30410" not in text)
            for path, text in saved.items():
                self.rewrite(path.stem, lambda _, text=text: [text])
            terminal.wait_for(lambda text: "  +  30410" in text)
            terminal.wait_for(lambda text: "     30410" in text)

    def test_another_size_is_drawn_at_once(self):
        with self.terminal(interval="3600") as terminal:
            terminal.wait_for(lambda text: "GPU 1" in text and "30410" in text)
            terminal.resize(60, 6)
            text = terminal.wait_for(lambda text: "more lines" in text)
            self.assertEqual(len(text.splitlines()), 6)
            self.assertLessEqual(max(len(line) for line in text.splitlines()), 60)
            terminal.resize(200, 50)
            self.assertNotIn("…", terminal.wait_for(lambda text: "30410" in text and "more lines" not in text))

    def test_a_failed_run_is_a_sentence_and_the_next_one_a_table(self):
        good = (self.node / "nvidia-smi/query-gpu.stdout").read_text()
        with self.terminal() as terminal:
            terminal.wait_for(lambda text: "GPU 1" in text)
            (self.node / "nvidia-smi/query-gpu.exit").write_text("9\n")
            self.rewrite("query-gpu", lambda _: [DOWN])
            text = terminal.wait_for(lambda text: "error: " in text)
            self.assertNotIn("GPU 1", text)
            (self.node / "nvidia-smi/query-gpu.exit").unlink()
            self.rewrite("query-gpu", lambda _: [good])
            terminal.wait_for(lambda text: "GPU 1" in text and "error: " not in text)
            terminal.type(b"\x03")
            self.assertEqual(terminal.wait_for_end(), 0)
            self.assert_restored(terminal)

    def test_after_a_failure_the_sentence_stays(self):
        (self.node / "nvidia-smi/query-gpu.exit").write_text("9\n")
        self.rewrite("query-gpu", lambda _: [DOWN])
        with self.terminal("--for", "0.5") as terminal:
            self.assertEqual(terminal.wait_for_end(), 1)
            self.assert_restored(terminal)
            self.assertIn("gpu-sessions: error: ", terminal.screen.normal)

    def test_a_filter_and_an_order(self):
        with self.terminal("--gpu", "0_2_0", "--sort", "memory") as terminal:
            text = terminal.wait_for(lambda text: "0_2_0" in text)
            self.assertNotIn("0_3_0", text)
            self.assertNotIn("GPU 1", text)


if __name__ == "__main__":
    unittest.main()
