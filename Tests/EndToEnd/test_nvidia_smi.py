"""The fake nvidia-smi as a static program answers as the one of Fixtures/bin, to every query on every kind of node."""

import pathlib
import shutil
import subprocess
import tempfile
import unittest

import images

import fixtures

QUERIES = (
    ["--query-gpu=index,uuid,mig.mode.current", "--format=csv"], ["--query-gpu=index,uuid", "--format=csv"],
    ["--query-compute-apps=pid", "--format=csv"], ["pmon", "-c", "1", "-s", "u"], ["pmon", "-c", "1", "-i", "0"],
    ["-L"], [], ["-q"], ["dmon"],
)


def said(program, arguments, node):
    """Standard output, standard error and exit status."""
    done = subprocess.run([program, *arguments], env=fixtures.environment(node), stdin=subprocess.DEVNULL, capture_output=True)
    return done.stdout, done.stderr, done.returncode


def nodes():
    """Of the nodes that answer in the same kinds of files, the first: those kinds are what can go wrong."""
    found = {}
    for node in sorted((fixtures.ROOT / "Fixtures/nodes").iterdir()):
        names = frozenset(path.name for path in (node / "nvidia-smi").iterdir())
        # To wait before the answer changes nothing, and is slow.
        if not any(name.endswith(".delay") for name in names):
            found.setdefault(names, node)
    return found.values()


@unittest.skipIf(shutil.which("cc") is None, "no C compiler")
class Program(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.program = pathlib.Path(folder.name, "nvidia-smi")
        images.compile_static("nvidia-smi.c", cls.program)

    def test_it_answers_as_the_script(self):
        for node in nodes():
            for arguments in QUERIES:
                with self.subTest(node=node.name, arguments=arguments):
                    script = said(fixtures.ROOT / "Fixtures/bin/nvidia-smi", arguments, node)
                    self.assertEqual(said(self.program, arguments, node), script)

    def test_without_a_node_it_answers_from_beside_itself(self):
        answers = pathlib.Path(f"{self.program}.answers")
        answers.mkdir()
        (answers / "list.stdout").write_text("GPU 0\n")
        done = subprocess.run([self.program, "-L"], env={}, capture_output=True)
        self.assertEqual((done.stdout, done.returncode), (b"GPU 0\n", 0))


if __name__ == "__main__":
    unittest.main()
