"""The queries of the README and of the guide against a real Prometheus."""

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


class Questions(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        stack = contextlib.ExitStack()
        cls.addClassCleanup(stack.close)
        cls.fresh = stack.enter_context(clusters.three_nodes(plain=True))
        cls.broken = stack.enter_context(clusters.three_nodes(plain=True, age=600, more=[clusters.lost_gpu]))
        cls.exported = stack.enter_context(clusters.three_nodes(plain=False))
        cls.node = stack.enter_context(clusters.one_node(clusters.WHOLE))

    def test_each_query_of_the_readme_finds_what_it_asks_for(self):
        found = questions(ROOT / "README.md")
        self.assertGreaterEqual(len(found), 6)
        self.assertEqual(questions(ROOT / "README.ko.md"), found)
        for query in found:
            with self.subTest(query=query):
                # What asks for a fault finds none where all is well.
                of_fault = "time()" in query or "success == 0" in query
                self.assertEqual(bool(self.fresh.query(query)), not of_fault)
                self.assertTrue(self.broken.query(query))

    def test_where_prometheus_does_not_honour_labels_they_have_the_names_that_the_readme_tells(self):
        asked = [query for query in questions(ROOT / "README.md") if re.search(r"\b(namespace|pod)\b", query)]
        self.assertGreaterEqual(len(asked), 3)
        for query in asked:
            with self.subTest(query=query):
                found = self.exported.query(re.sub(r"\b(namespace|pod)\b", r"exported_\1", query))
                self.assertTrue(found)
                self.assertNotIn("monitoring", str([labels.get("exported_namespace") for labels, _ in found]))

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
