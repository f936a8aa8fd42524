"""The manual page and the completions that the executable prints."""

import shutil
import subprocess
import tempfile
import unittest

from staging import EXECUTABLE, documentation

OPTIONS = {line.split()[0] for line in documentation("text").split("OPTIONS:")[1].splitlines() if line.startswith("  --")}


class Manual(unittest.TestCase):
    def test_it_names_every_option_and_command(self):
        page = documentation("man").replace("\\-", "-")
        for option in OPTIONS:
            self.assertIn(f"\\fB{option}\\fR", page)
        for command in ("collect", "show", "check", "remove", "metrics", "help"):
            self.assertIn(f"\\fB{command}\\fR", page)

    @unittest.skipUnless(shutil.which("groff"), "groff is not installed")
    def test_groff_has_nothing_to_say(self):
        result = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-z"], input=documentation("man"), capture_output=True, text=True)
        self.assertEqual((result.returncode, result.stderr), (0, ""))


class Bash(unittest.TestCase):
    def complete(self, *words):
        """The completions of the last word."""
        with tempfile.NamedTemporaryFile("w", suffix=".bash") as script:
            script.write(documentation("bash"))
            script.flush()
            line = " ".join(f"'{word}'" for word in words)
            command = f"source {script.name}; COMP_WORDS=({line}); COMP_CWORD={len(words) - 1}; compopt() {{ echo \"$*\"; }}; _gpu_sessions; printf '%s\\n' \"${{COMPREPLY[@]}}\""
            result = subprocess.run(["bash", "-euc", command], capture_output=True, text=True, check=True)
        return result.stdout.split()

    def test_commands(self):
        self.assertEqual(self.complete("gpu-sessions", "sh"), ["show"])
        self.assertEqual(len(self.complete("gpu-sessions", "")), len(set(self.complete("gpu-sessions", ""))))

    def test_options_are_those_of_the_command(self):
        self.assertEqual(self.complete("gpu-sessions", "show", "--js"), ["--json"])
        self.assertEqual(self.complete("gpu-sessions", "--js"), [])
        self.assertEqual(self.complete("gpu-sessions", "remove", "--"), ["--output", "--interval", "--for", "--verbose", "--quiet", "--help"])

    def test_values(self):
        self.assertEqual(self.complete("gpu-sessions", "metrics", "--format", ""), ["markdown", "prometheus"])
        # With that option bash quotes a name with a space, and puts a slash behind a directory.
        self.assertEqual(self.complete("gpu-sessions", "--host-root", "/pro"), ["-o", "filenames", "/proc"])
        self.assertEqual(self.complete("gpu-sessions", "--timeout", ""), [])


class OtherShells(unittest.TestCase):
    def test_every_option_is_offered(self):
        for option in OPTIONS - {"--help", "--version"}:
            self.assertIn(f"'*{option}[", documentation("zsh"))
            self.assertIn(f" -l {option[2:]} ", documentation("fish"))

    def check_syntax(self, shell):
        result = subprocess.run([shell, "-n", "/dev/stdin"], input=documentation(shell), capture_output=True, text=True)
        self.assertEqual((result.returncode, result.stderr), (0, ""))

    @unittest.skipUnless(shutil.which("zsh"), "zsh is not installed")
    def test_zsh_reads_it(self):
        self.check_syntax("zsh")

    @unittest.skipUnless(shutil.which("fish"), "fish is not installed")
    def test_fish_reads_it(self):
        self.check_syntax("fish")


class Reference(unittest.TestCase):
    def test_the_headers_are_an_exposition(self):
        text = subprocess.run([EXECUTABLE, "metrics", "--format", "prometheus"], check=True, capture_output=True).stdout
        result = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True)
        complaints = [line for line in result.stderr.decode().splitlines() if "gpu_session_count" not in line]
        self.assertEqual(complaints, [])
        self.assertEqual(text.count(b"# HELP "), text.count(b"# TYPE "))


if __name__ == "__main__":
    unittest.main()
