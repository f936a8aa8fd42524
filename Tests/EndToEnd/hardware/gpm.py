"""Part 3: what dmon says of GPM metrics, of whole GPUs and of MIG instances, with every option, under load and idle."""

import os
import re

from hardware.children import NOBODY
from hardware.load import Holders

CYCLES = 4
METRICS, COUNTERS = "1,2,10", "248,249"
OPTIONS = {"m": ["--gpm-options", "m"], "dm": ["--gpm-options", "dm"], "d": ["--gpm-options", "d"], "default": []}
FORMATS = {"plain": [], "csv": ["--format", "csv,nounit"]}
INSTANCE = ("gpu", "gi_id", "ci_id")
FIGURES = ("gract", "smutil", "dram")


def rows(text):
    """The rows by the names of the columns, of the plain form and of the CSV; [] where there is no such header."""
    columns, found = [], []
    for line in text.splitlines():
        fields = line.lstrip("# ").replace(",", " ").split()
        if line.startswith("#"):
            columns = fields if fields[:1] == ["gpu"] else columns
        elif columns and len(fields) == len(columns):
            found.append(dict(zip(columns, fields)))
    return found


def percent(text):
    """A figure; None for `-` and for what is no percentage."""
    return int(text) if re.fullmatch(r"\d+", text) and int(text) <= 100 else None


def values_of(found):
    """[((gpu, GI, CI), (cycle from 1, {metric: figure}))] of the rows with a figure."""
    values, seen = [], {}
    for row in found:
        key = tuple(row.get(name, "-") for name in INSTANCE)
        seen[key] = seen.get(key, 0) + 1
        figures = {name: percent(row[name]) for name in FIGURES if name in row}
        if any(figure is not None for figure in figures.values()):
            values.append((key, (seen[key], figures)))
    return values


def last_values(found):
    """Of each device the last row with a figure."""
    return dict(values_of(found))


def first_values(found):
    """Of each device the first one."""
    return dict(reversed(values_of(found)))


def absurd(found):
    """Figures that are no percentage."""
    figures = {row[name] for row in found for name in FIGURES if name in row}
    return sorted(figure for figure in figures if figure != "-" and percent(figure) is None)


def place(gpu, gi, ci):
    """A device in words."""
    return f"gpu {gpu}" if gi == "-" else f"gpu {gpu} GI {gi} CI {ci}"


def words(values):
    """`gract 99, dram 15`, of the figures that are there."""
    return ", ".join(f"{name} {figure}" for name, figure in values.items() if figure is not None)


def sentence(answer):
    """What one call brought."""
    if answer.status is None:
        return f"no answer within {answer.seconds:.0f} s"
    found = rows(answer.out)
    said = (answer.out or answer.err).strip().splitlines()
    if answer.status != 0 or not found:
        return f"exit status {answer.status} after {answer.seconds:.1f} s: {said[0][:80] if said else 'nothing printed'}"
    figures = "; ".join(f"{place(*key)} {words(values)}" for key, (_, values) in last_values(found).items())
    wrong = f"; impossible: {', '.join(absurd(found))}" if absurd(found) else ""
    return f"{answer.seconds:.1f} s, columns {' '.join(found[0])}: {figures or 'dashes only'}{wrong}"


def ask(recorder, program, moment, option, form, metrics=METRICS, as_nobody=False):
    """One call of dmon, and its line."""
    command = [program, "dmon", "-s", "p", "--gpm-metrics", metrics, "-c", str(CYCLES), *OPTIONS[option], *FORMATS[form]]
    answer = recorder.run(command, 15, as_nobody=as_nobody, moment=moment)
    who = f", as UID {NOBODY}" if as_nobody else ""
    recorder.say(f"dmon, metrics {metrics}, options {option}, {form}, {moment}{who}", sentence(answer))
    return answer


def whole_set(recorder, program, moment):
    """Every call at one moment, those with MIG first; {(option, format): Answer}."""
    answers = {(option, form): ask(recorder, program, moment, option, form) for form in FORMATS for option in OPTIONS}
    if os.geteuid() == 0:
        for option in ("m", "d"):
            answers[option, "nobody"] = ask(recorder, program, moment, option, "plain", as_nobody=True)
    for option in ("d", "m"):
        answers[option, "counters"] = ask(recorder, program, moment, option, "plain", COUNTERS)
    return answers


def settle_instances(recorder, machine, loaded):
    """The questions that only MIG instances under load can answer."""
    found = rows(loaded["m", "plain"].out)
    values = {key: one for key, one in last_values(found).items() if key[1] != "-"}
    if not values:
        recorder.settle("mig-values", f"no: {sentence(loaded['m', 'plain'])}")
        return
    cycles = sorted({first for first, _ in first_values(found).values()})
    recorder.settle("mig-values", f"yes, of {len(values)} of {len(machine.instances)} instances, first in cycle {cycles}")
    settle_percent(recorder, machine, values)
    if ("m", "nobody") in loaded:
        others = [key for key in last_values(rows(loaded["m", "nobody"].out)) if key[1] != "-"]
        recorder.settle("mig-rights", f"UID {NOBODY} sees {len(others)} instances, root {len(values)}")


def settle_percent(recorder, machine, values):
    """A busy instance of a part of the GPU shows far more than its part of the slices, or no more than that."""
    for (gpu, gi, ci), (_, figures) in values.items():
        _, _, profile = machine.instances.get(f"{gpu}_{gi}_{ci}", ("", "", ""))
        slices = re.search(r"(\d)g\.", profile)
        part = int(slices[1]) / 7 if slices else 1
        busy = figures.get("gract")
        if busy is not None and part < 0.7 and (busy > part * 100 + 20 or busy >= part * 50):
            whose = "the instance's own" if busy > part * 100 + 20 else "probably the whole GPU's"
            recorder.settle("mig-percent", f"{whose}: gract {busy} on {profile} under load, which has {part:.0%} of the slices")
            return


def run(recorder, collector, machine):
    with Holders(recorder.budget, recorder.own) as holders:
        holders.on_each(machine.uuids)
        loaded = whole_set(recorder, collector.program, "under load")
    if machine.instances:
        settle_instances(recorder, machine, loaded)
    counters = {option: loaded[option, "counters"] for option in ("d", "m")}
    recorder.settle("counters", "; ".join(f"{option}: {sentence(answer)}" for option, answer in counters.items()))
    idle = whole_set(recorder, collector.program, "without our load")
    recorder.settle("idle-values", sentence(idle["dm", "plain"]))
    if os.geteuid() != 0:
        recorder.say("dmon as another user", "not asked: the check does not run as root")
