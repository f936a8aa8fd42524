"""`make demo`: the two commands for whoever has no GPU."""

import unittest

from staging import make


def demo(node):
    """What it prints with the executable that is built."""
    return make("demo", f"NODE={node}", "--assume-old=build")


class Demo(unittest.TestCase):
    def test_a_node_with_gpus_is_published_and_drawn(self):
        published, _, drawn = demo("h100-mig-mixed").partition("\nThis is what gpu-sessions publishes on the node h100-mig-mixed")
        self.assertIn("\ngpu_total_sessions 5\n", published)
        self.assertRegex(drawn, r"\n +30410  ml-train/mixtral-0 +trainer +python ")

    def test_a_node_without_a_driver_says_so_and_is_no_failure(self):
        published, _, rest = demo("driver-down").partition("\nThis is what gpu-sessions publishes on the node driver-down")
        self.assertIn("\ngpu_session_collector_success 0\n", published)
        self.assertRegex(rest, r"^, with exit status 1\.\n.*/gpu_sessions\.prom\n$")


if __name__ == "__main__":
    unittest.main()
