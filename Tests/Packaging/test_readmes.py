"""README.md and README.ko.md say the same: what is not prose is in both, section by section."""

import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests" / "Tools"))

import readme_excerpt  # noqa: E402

ENGLISH, *OTHERS = readme_excerpt.READMES
FENCE = re.compile(r"^( *```.*\n(?:.*\n)*? *```)$", re.MULTILINE)
# An option, a metric, a variable: wherever it is said.
NAMES = re.compile(r"(?<![\w-])--[a-z][a-z-]*|\bgpu_[a-z_]+|\bGPU_SESSIONS_\w*|\bDCGM_\w+")


class Section:
    """What a heading has below it, up to the next of any level."""

    def __init__(self, level, text):
        self.level = level
        # What a # after white space begins is a comment, for people; its place is kept.
        self.fences = [re.sub(r"(?<=\s)# .*", "#", fence) if fence.startswith(("```sh", "```promql")) else fence for fence in FENCE.findall(text)]
        self.prose = FENCE.sub("", text)
        lines = self.prose.splitlines()
        self.rows = [self.marks(line) + [str(len(re.split(r"(?<!\\)\|", line)))] for line in lines if line.startswith("|")]
        self.items = [re.match(r" *(-|\d+\.)", line)[0] for line in lines if re.match(r" *(-|\d+\.) ", line)]
        self.names = sorted(NAMES.findall(self.prose))
        self.code = self.marks(self.prose)
        self.numbers = sorted(re.findall(r"(?<![\w.])\d+(?:\.\d+)*", self.prose))
        # The READMEs link to each other, each to another one.
        self.links = sorted(link for link in re.findall(r"\]\(([^)]+)\)", text) if link not in readme_excerpt.READMES)

    @staticmethod
    def marks(text):
        """Everything between back-quotes; a line may end in it."""
        return sorted(" ".join(code.split()) for code in re.findall(r"`([^`]+)`", text))


def sections(text):
    """The sections in order; a # inside of a fence begins none."""
    blank = FENCE.sub(lambda fence: re.sub(r"^#", " ", fence[0], flags=re.MULTILINE), text)
    starts = [(match.start(), len(match[1])) for match in re.finditer(r"^(#+) ", blank, re.MULTILINE)]
    ends = [start for start, _ in starts[1:]] + [len(text)]
    return [Section(level, text[start:end]) for (start, level), end in zip(starts, ends)]


class Readmes(unittest.TestCase):
    def setUp(self):
        self.texts = {name: (ROOT / name).read_text(encoding="utf-8") for name in readme_excerpt.READMES}
        self.english = sections(self.texts[ENGLISH])

    def assert_same(self, attribute):
        for name in OTHERS:
            other = sections(self.texts[name])
            self.assertEqual([section.level for section in other], [section.level for section in self.english], name)
            for number, (expected, found) in enumerate(zip(self.english, other)):
                with self.subTest(readme=name, section=found.prose.splitlines()[0], number=number):
                    self.assertEqual(getattr(found, attribute), getattr(expected, attribute))

    def test_the_headings(self):
        self.assertGreaterEqual(len(self.english), 7)
        self.assert_same("level")

    def test_the_fenced_blocks_but_for_their_comments(self):
        self.assertGreaterEqual(sum(len(section.fences) for section in self.english), 8)
        self.assert_same("fences")

    def test_the_rows_of_tables_with_their_columns_and_code(self):
        self.assertGreater(sum(len(section.rows) for section in self.english), 20)
        self.assert_same("rows")

    def test_the_items_of_lists(self):
        self.assert_same("items")

    def test_the_options_metrics_and_variables_said(self):
        self.assertIn("--interval", set().union(*(section.names for section in self.english)))
        self.assert_same("names")

    def test_all_other_code_and_error_sentences(self):
        self.assert_same("code")

    def test_the_numbers(self):
        self.assert_same("numbers")

    def test_the_links(self):
        self.assert_same("links")

    def test_each_links_to_the_others_before_its_first_sentence(self):
        for name, text in self.texts.items():
            for other in self.texts.keys() - {name}:
                self.assertIn(f"]({other})", "".join(text.splitlines()[:3]), name)

    def test_it_is_read_in_one_sitting(self):
        self.assertLessEqual(len(self.texts[ENGLISH].splitlines()), 220)

    def test_the_generated_blocks(self):
        for block in [match[1] for match in re.finditer(r"^<!-- (\w+):begin -->$", self.texts[ENGLISH], re.MULTILINE)]:
            found = {readme_excerpt.block_contents(self.texts[name], block) for name in readme_excerpt.READMES}
            self.assertEqual(len(found), 1, block)

    def test_each_file_linked_is_there(self):
        for name, text in self.texts.items():
            for link in re.findall(r"\]\(([^)]+)\)", text):
                self.assertTrue(link.startswith("https://") or (ROOT / link).exists(), f"{name}: {link}")


class Excerpts(unittest.TestCase):
    """What keeps the generated blocks of every README."""

    def test_each_readme_of_the_repository_is_kept(self):
        files = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard", "README*.md"], cwd=ROOT, capture_output=True, text=True).stdout.split()
        self.assertEqual(sorted(files or [path.name for path in ROOT.glob("README*.md")]), sorted(readme_excerpt.READMES))

    def test_blocks_are_those_named_each_once_and_apart(self):
        one, two = ("<!-- {0}:begin -->\nwords\n<!-- {0}:end -->\n".format(name) for name in ("one", "two"))
        self.assertIsNone(readme_excerpt.misplaced(two + one, ["one", "two"]))
        self.assertIn("one", readme_excerpt.misplaced(one, ["one", "two"]))
        self.assertIn("two", readme_excerpt.misplaced(one + two, ["one"]))
        self.assertIn("one, one", readme_excerpt.misplaced(one + one, ["one"]))
        self.assertIsNotNone(readme_excerpt.misplaced(one.replace("end", "begin"), ["one"]))
        crossed = "<!-- one:begin -->\n<!-- two:begin -->\n<!-- one:end -->\n<!-- two:end -->\n"
        self.assertIsNotNone(readme_excerpt.misplaced(crossed, ["one", "two"]))

    def test_a_block_is_filled_between_its_marks(self):
        text = "a\n<!-- one:begin -->\nold\n<!-- one:end -->\nb\n"
        self.assertEqual(readme_excerpt.fill(text, "one", "new\n"), (text.replace("old", "new"), 2))

    def test_all_stale_blocks_of_a_readme_are_filled_and_said(self):
        marks = "<!-- {0}:begin -->\n{1}<!-- {0}:end -->\n"
        generated = [("one", "first", "new\n"), ("two", "second", "new\n"), ("three", "third", None)]
        text = "".join(marks.format(name, "old\n") for name in ("one", "two", "three"))
        with tempfile.TemporaryDirectory() as folder, mock.patch.object(readme_excerpt, "ROOT", pathlib.Path(folder)):
            pathlib.Path(folder, "A.md").write_text(text, encoding="utf-8")
            filled, stale = readme_excerpt.update("A.md", generated)
            self.assertEqual(filled, text.replace("old", "new", 2))
            self.assertEqual([line.split(":")[:2] for line in stale], [["A.md", "1"], ["A.md", "4"]])
            with self.assertRaisesRegex(SystemExit, "A.md:1: has the blocks one, two, three, and is to have .*four"):
                readme_excerpt.update("A.md", [*generated, ("four", "fourth", "new\n")])


if __name__ == "__main__":
    unittest.main()
