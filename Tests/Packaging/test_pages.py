"""The pages beside the executable's source: links, options and names of metrics are those that there are."""

import pathlib
import re
import subprocess
import unittest

from staging import EXECUTABLE, documentation

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = ROOT / "Sources/gpu-sessions/Documentation.docc"
README = ROOT / "README.md"
LINK = re.compile(r"\]\(([^)\s]+)\)")
FENCE = re.compile(r"^ *```.*?^ *```$", re.MULTILINE | re.DOTALL)


def anchors(path):
    """The anchors of the headings of a Markdown file, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", FENCE.sub("", path.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


class Links(unittest.TestCase):
    def test_each_leads_to_a_file_or_a_heading(self):
        self.assertGreaterEqual(len(list(PAGES.glob("*.md"))), 10)
        for page in [README, ROOT / "SECURITY.md", ROOT / "CONTRIBUTING.md", *PAGES.glob("*.md")]:
            for link in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
                if link.startswith("https://"):
                    continue
                name, _, anchor = link.partition("#")
                target = (page.parent / name).resolve() if name else page
                with self.subTest(page=page.name, link=link):
                    self.assertTrue(target.exists() and ROOT in target.parents)
                    if anchor:
                        self.assertIn(anchor, anchors(target))

    def test_the_readme_and_the_first_page_link_to_every_page(self):
        for index in (README, PAGES / "Documentation.md"):
            linked = {(index.parent / link).resolve() for link in LINK.findall(index.read_text(encoding="utf-8"))}
            self.assertEqual({page for page in PAGES.glob("*.md") if page.name != "Documentation.md"} - linked, set(), index.name)


class Alerts(unittest.TestCase):
    def test_each_rule_links_to_its_heading(self):
        rules = (ROOT / "packaging/prometheus/gpu-sessions.rules.yml").read_text(encoding="utf-8")
        names, links = re.findall(r"- alert: (\w+)", rules), re.findall(r"runbook_url: (\S+)", rules)
        self.assertEqual([link.partition("#")[2] for link in links], [name.lower() for name in names])
        for link in links:
            name, _, anchor = link.partition("#")
            # Where the repository is published stands before the path.
            self.assertTrue(name.endswith("Documentation.docc/Troubleshooting.md"), name)
            self.assertIn(anchor, anchors(PAGES / "Troubleshooting.md"))


class Options(unittest.TestCase):
    def test_the_table_has_every_option_and_no_other(self):
        rows = re.findall(r"^\| (`--[^|]*)\|", (PAGES / "CommandLine.md").read_text(encoding="utf-8"), re.MULTILINE)
        said = [option for row in rows for option in re.findall(r"`(--[a-z-]+)", row)]
        known = {line.split()[0] for line in documentation("text").split("OPTIONS:")[1].splitlines() if line.startswith("  --")}
        self.assertEqual(set(said), known | {"--help", "--version"})
        self.assertEqual(len(said), len(set(said)))


class Names(unittest.TestCase):
    def test_each_metric_that_is_said_is_a_family(self):
        printed = subprocess.run([EXECUTABLE, "metrics"], check=True, capture_output=True, text=True).stdout
        families = set(re.findall(r"^\| `(gpu_\w+)`", printed, re.MULTILINE))
        self.assertIn("gpu_session_count", families)
        # gpu_uuid and others are labels or keys, gpu_sessions.prom is the file.
        labels = set(re.findall(r"`([a-z_ ]+)` \|", printed))
        others = {word for text in labels for word in text.split()} | {"gpu_sessions", "gpu_session_collector_"}
        for page in [README, *PAGES.glob("*.md")]:
            said = set(re.findall(r"(?<![\w.:])(gpu_[a-z_]+)(?!:)", page.read_text(encoding="utf-8")))
            with self.subTest(page=page.name):
                self.assertEqual(said - families - others, set())


class Commands(unittest.TestCase):
    def test_each_shell_block_is_shell_and_each_target_of_make_is_there(self):
        targets = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
        for page in [README, *PAGES.glob("*.md")]:
            for block in re.findall(r"^ *```sh\n(.*?)^ *```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL):
                with self.subTest(page=page.name, block=block.splitlines()[0]):
                    parsed = subprocess.run(["bash", "-n"], input=block, capture_output=True, text=True, check=False)
                    self.assertEqual(parsed.stderr, "")
                    self.assertEqual(set(re.findall(r"\bmake ([a-z-]+)", block)) - targets, set())


if __name__ == "__main__":
    unittest.main()
