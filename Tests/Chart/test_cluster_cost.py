"""The table of costs in chart/COST.md is that of what was counted and measured, and a small measurement agrees with it."""

import contextlib
import json
import os
import re
import time
import unittest

from cluster_cost import FIGURES, contents
from clustercost import churn, release, table, writes
from monitoring import OPENER, job, prometheus, static_page
from rendering import collector, of_kind, pod_spec, render
from values_table import PAGES, README, filled

# Of a size: the chart's files are part of a release, and change.
TOLERANCE = 0.05
MINUTES = 4


# up, scrape_duration_seconds, scrape_samples_scraped, scrape_samples_post_metric_relabeling, scrape_series_added.
OF_A_SCRAPE = 5


def head_series(server, expected):
    """How many series Prometheus says that it has; asked again for a while, as targets are scraped one after the other."""
    found, give_up = 0, time.monotonic() + 20
    while found < expected and time.monotonic() < give_up:
        with contextlib.suppress(OSError), OPENER.open(f"http://{server.address}/metrics", timeout=5) as answer:
            found = int(float(re.search(r"^prometheus_tsdb_head_series (\S+)$", answer.read().decode(), re.MULTILINE)[1]))
        time.sleep(0.2)
    return found


def figures():
    return json.loads(FIGURES.read_text())


class Page(unittest.TestCase):
    def test_it_has_the_table(self):
        self.assertEqual(PAGES["cost"].read_text(), filled("cost", contents()), "run Tests/Chart/cluster_cost.py --write")

    def test_numbers_are_rounded_to_what_is_known(self):
        self.assertEqual([table.rounded(number) for number in (0, 6.2, 128, 3720, 3_725_999)], ["0", "6", "128", "3,720", "3,730,000"])
        self.assertEqual((table.span((14, 17), 100), table.span((1, 1), 10)), ("1,400 to 1,700", "10"))
        self.assertEqual([table.size(number) for number in (900, 120_000, 8_000_000, 8e10)], ["0.9 KiB", "117 KiB", "7.6 MiB", "75 GiB"])

    def test_what_it_recommends_is_what_the_figures_say(self):
        (most,) = re.findall(r"up to about (\d+) nodes, which is `collection.maxCronJobs`", README.read_text())
        self.assertEqual(int(most), 100)
        with self.assertRaisesRegex(Exception, "more than collection.maxCronJobs .100."):
            render({"collection.nodes": [f"node-{number}" for number in range(101)]})
        (least, _), said = writes.runs_per_minute(writes.JOB), re.findall(r"with more than about (\d+) nodes", README.read_text())
        self.assertEqual(said, [str(least)])


class Counted(unittest.TestCase):
    def test_the_chart_is_as_the_count_assumes(self):
        (cron_job,) = of_kind(render(), "CronJob")
        spec, run = cron_job["spec"], cron_job["spec"]["jobTemplate"]["spec"]
        found = {**spec, **run, **pod_spec(cron_job), **collector(cron_job)}
        self.assertEqual({name: found[name] for name in writes.ASSUMED}, writes.ASSUMED)
        # A Job that succeeds is deleted by the third after it, in three minutes, and not by its time to live.
        self.assertGreater(run["ttlSecondsAfterFinished"], 240)
        # One container: each would have its events.
        self.assertEqual((len(pod_spec(cron_job)["containers"]), "initContainers" in pod_spec(cron_job)), (1, False))

    def test_the_starting_deadline_leaves_time_for_as_many_as_are_allowed(self):
        first = 3  # the Job, the CronJob's status, an event
        (cron_job,) = of_kind(render(), "CronJob")
        self.assertLess(100 * first / writes.REQUESTS_PER_SECOND, cron_job["spec"]["startingDeadlineSeconds"])


class Releases(unittest.TestCase):
    def test_sizes(self):
        for nodes, mode, known in ((1, "cronjob", figures()["release"]["1"]), (100, "cronjob", figures()["release"]["100"]),
                                   (10_000, "daemonset", figures()["daemonset"])):  # fmt: skip
            with self.subTest(nodes=nodes, mode=mode):
                found = release.measure(nodes, mode)
                self.assertEqual(found["objects"], known["objects"])
                for which in ("manifest", "secret"):
                    self.assertAlmostEqual(found[which] / known[which], 1, delta=TOLERANCE)

    def test_what_is_said_to_fit_does(self):
        sizes = {int(nodes): size["secret"] for nodes, size in figures()["release"].items()}
        for nodes, size in sizes.items():
            with self.subTest(nodes):
                self.assertEqual(size <= release.LIMIT, nodes <= figures()["largest"])


@unittest.skipUnless(os.access(churn.EXECUTABLE, os.X_OK), "no release executable: run `make build` first")
class Series(unittest.TestCase):
    def test_a_few_minutes_are_as_an_hour_was(self):
        for which, values in churn.VALUES.items():
            with self.subTest(which):
                self.assertEqual(churn.measure(values, MINUTES), figures()["series"][which])
        self.assertGreater(figures()["series"]["with"]["new_each_minute"], 0)

    def test_a_real_prometheus_keeps_as_many(self):
        """Each minute's file a target, and all of them the same node."""
        which, same = figures()["series"]["with"], {"job": "gpu", "instance": "node-1"}
        with contextlib.ExitStack() as stack:
            pages = [stack.enter_context(static_page(page.decode())) for page in churn.pages(churn.VALUES["with"], MINUTES)]
            server = stack.enter_context(prometheus([job(f"minute-{at}", page, same) for at, page in enumerate(pages)]))
            expected = which["samples"] + (MINUTES - 1) * which["new_each_minute"] + OF_A_SCRAPE
            self.assertEqual(head_series(server, expected), expected)

    def test_memory_of_one_that_stays(self):
        self.assertLess(churn.resident_kib()["VmRSS"], 1.5 * figures()["resident"]["VmRSS"])


if __name__ == "__main__":
    unittest.main()
