"""The queries of the README and of the guide against a real Prometheus."""

import collections
import contextlib
import re
import unittest

import clusters
from rendering import ROOT

# The guide's queries, for one node.
GUIDE = (
    "sum by (gpu) (gpu_session_count)",
    "(sum(gpu_session_count) / count(gpu_session_count)) * 100",
    "count(gpu_session_count == 0)",
    'gpu_process_info{status="idle"}',
    'gpu_process_info{gpu="0", status="active"}',
    'sum by (pod, namespace) (gpu_process_info{status="active"} * on(gpu,pid) group_left(gpu_memory) gpu_process_info{status="active"})',
)


def questions(path):
    """Each query in the PromQL of a Markdown file, one a line; what follows a # outside of quotes is a comment."""
    fences = re.findall(r"^```promql\n(.*?)^```", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    lines = "".join(fences).splitlines()
    return [re.match(r"""(?:"[^"]*"|[^"#])*""", line)[0].strip() for line in lines if line.strip()]


def answers(server, query, prefix):
    """{labels: sum of the values}, our labels by their own names and without those that are the target's."""
    own, found = ("namespace", "pod", "container"), collections.Counter()
    for labels, value in server.query(query):
        ours = {name: labels.get(prefix + name) for name in own}
        ours = {name: text for name, text in ours.items() if text and not text.startswith(("exporter", "monitoring"))}
        rest = {name: text for name, text in labels.items() if name.removeprefix("exported_") not in own}
        # A process outside of pods has no namespace of its own, and those of different targets come apart.
        found[frozenset((ours | rest).items())] += value
    return found


class Questions(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        stack = contextlib.ExitStack()
        cls.addClassCleanup(stack.close)
        # In both forms of our labels.
        cls.fresh = [stack.enter_context(clusters.three_nodes(plain)) for plain in (True, False)]
        cls.broken = [stack.enter_context(clusters.three_nodes(plain, age=600, more=[clusters.lost_gpu])) for plain in (True, False)]
        cls.node = stack.enter_context(clusters.one_node(clusters.WHOLE))

    def test_each_query_of_the_readme_finds_what_it_asks_for(self):
        found = questions(ROOT / "README.md")
        self.assertGreaterEqual(len(found), 9)
        self.assertEqual(questions(ROOT / "README.ko.md"), found)
        for query in found:
            # What asks for a fault finds none where all is well, and no recorded node here has clocks or a recovery action.
            of_fault = "time()" in query or "success == 0" in query
            silent = "gpu_clocks_idle" in query or "gpu_recovery_action" in query
            for fresh, broken in zip(self.fresh, self.broken):
                with self.subTest(query=query):
                    self.assertEqual(bool(fresh.query(query)), not of_fault and not silent)
                    self.assertEqual(bool(broken.query(query)), not silent)

    def test_each_query_of_the_readme_says_the_same_in_both_forms(self):
        for query in questions(ROOT / "README.md"):
            if "time()" not in query:
                with self.subTest(query=query):
                    plain, exported = self.fresh
                    self.assertEqual(answers(plain, query, ""), answers(exported, query, "exported_"))

    def test_the_queries_of_the_guide_work_on_one_node(self):
        for query in GUIDE:
            with self.subTest(query=query):
                self.assertTrue(self.node.query(query))
        sessions = dict((labels["gpu"], value) for labels, value in self.node.query(GUIDE[0]))
        self.assertEqual(sessions, {"0": 1, "1": 1, "2": 2, "3": 3, "4": 1, "5": 2, "6": 2, "7": 0})
        self.assertEqual(self.node.query(GUIDE[1]), [({}, 150)])
        self.assertEqual(self.node.query(GUIDE[2]), [({}, 1)])


if __name__ == "__main__":
    unittest.main()
