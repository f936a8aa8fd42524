"""Part 2: how long each call of nvidia-smi takes, alone and three at once, and what share of a run is the executable's own."""

import statistics

from smi_answers import FIELDS

ROUNDS = 10
AT_ONCE = 3
CALLS = {
    "query-gpu": [f"--query-gpu={FIELDS}", "--format=csv"],
    "query-compute-apps": ["--query-compute-apps=gpu_uuid,pid,used_gpu_memory", "--format=csv"],
    "pmon": ["pmon", "-c", "1", "-s", "um"],
    "table": [],
    "list": ["-L"],
    "xml": ["-q", "-x"],
    "pids": ["-q", "-d", "PIDS"],
}
# What a run of the executable asks at the same time, and what one call would have to replace.
TOGETHER = ("query-gpu", "query-compute-apps", "pmon", "table")
THREE = ("query-gpu", "query-compute-apps", "pmon")


class Times:
    """Seconds by what was measured; a call that failed or hung has none."""

    def __init__(self):
        self.seconds = {}

    def add(self, key, seconds):
        self.seconds.setdefault(key, []).append(seconds)

    def median(self, key):
        return statistics.median(self.seconds[key]) if key in self.seconds else None

    def text(self, key):
        """`12 ms of 10`: the median, and of how many."""
        median = self.median(key)
        return "no answer" if median is None else f"{median * 1000:.0f} ms of {len(self.seconds[key])}"


def alone(recorder, program, name, times, output):
    answer = recorder.run([program, *CALLS[name]], output=output, timed="alone")
    if answer.status == 0:
        times.add((name, "alone"), answer.seconds)


def at_once(recorder, program, names, key, times):
    """So many calls at the same time, until the last has ended."""
    answers, seconds = recorder.run_together([[program, *CALLS[name]] for name in names])
    if all(answer.status == 0 for answer in answers):
        times.add(key, seconds)


def own_run(recorder, collector, times, output):
    """One run of the executable, with the times of its own stages."""
    answer, samples = collector.run(recorder, output=output)
    if answer.status == 0:
        times.add("run", answer.seconds)
    for (family, pairs), value in samples.items():
        if family == "gpu_session_collector_stage_duration_seconds":
            times.add(("stage", dict(pairs)["stage"]), value)


def one_round(recorder, collector, times, is_first):
    for name in CALLS:
        alone(recorder, collector.program, name, times, is_first)
        at_once(recorder, collector.program, [name] * AT_ONCE, (name, "at once"), times)
    at_once(recorder, collector.program, TOGETHER, "together", times)
    own_run(recorder, collector, times, is_first)


def total(times, names):
    """The sum of the medians alone; None if one is missing."""
    found = [times.median((name, "alone")) for name in names]
    return None if None in found else sum(found)


def report(recorder, times):
    """The lines of the summary, from as many rounds as there was time for."""
    for name in CALLS:
        recorder.say(f"How long does {name} take?",
                     f"{times.text((name, 'alone'))} alone, {times.text((name, 'at once'))} for three at once")
    three, one = total(times, THREE), times.median(("xml", "alone"))
    if three and one:
        recorder.say("Is one call cheaper than three?",
                     f"-q -x {one * 1000:.0f} ms; {', '.join(THREE)} one after another {three * 1000:.0f} ms")
    recorder.say("How long do the run's calls take together?", times.text("together"))
    for key in times.seconds:
        if key[0] == "stage":
            recorder.say(f"How long until the stage {key[1]} is done?", times.text(key))
    run, together = times.median("run"), times.median("together")
    if run and together:
        recorder.say("What share of a run is the executable's own?",
                     f"a run takes {run * 1000:.1f} ms, its calls without it {together * 1000:.1f} ms: {max(0, 1 - together / run):.0%}")


def run(recorder, collector, machine, rounds=ROUNDS):
    times = Times()
    try:
        # The first call after a pause loads the driver, where nothing keeps it loaded.
        recorder.run([collector.program, "-L"], timed="to warm up")
        for number in range(rounds):
            one_round(recorder, collector, times, number == 0)
    finally:
        report(recorder, times)
