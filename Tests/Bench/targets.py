"""What the figures must be. None of it is a time: a ratio is taken of programs that ran in turn."""

import dataclasses
import re

import beside  # noqa: F401

import crowd
import fixtures

MIB = 1024
TIMES_FLOOR, TIMES_SHELL, LARGEST_RSS = 2.5, 200, {"64": 8 * MIB, "10000": 40 * MIB}
# In bytes: the limit of `make size`.
LARGEST_FILE = int(re.search(r"^SIZE_LIMIT := (\d+)$", (fixtures.ROOT / "Makefile").read_text(), re.MULTILINE)[1])
# Eight times the processes may take so many times as long: in step, and a tenth for what a larger set of memory costs.
SMALL, LARGE, LARGEST_GROWTH = "1250", "10000", 8.8
# Four times the names that a pod has planted: in step, and a half for memory that no cache holds. In step with the square
# it would be 16.
LARGEST_CROWD = 6


@dataclasses.dataclass(frozen=True)
class Verdict:
    """Whether a target is met; None where it has not been measured."""

    target: str
    figure: str
    is_met: bool | None

    @property
    def word(self):
        return {True: "met", False: "**not met**", None: "not measured"}[self.is_met]


def ratio(ours, least):
    """How many times the one the other is, by their medians."""
    return ours.median / least.median


def at_most(target, figure, limit, form="{:.2f}"):
    """The verdict on a figure, which is None where it has not been measured."""
    if figure is None:
        return Verdict(target, "", None)
    return Verdict(target, form.format(figure), figure <= limit)


def against_floor(results, node, place):
    """CPU and wall time on this node, compared with the floor's."""
    found = [one for one in results if (one.node, one.place) == (node, place)]
    cpu = ratio(found[0].ours.own, found[0].floor.own) if found else None
    wall = ratio(found[0].ours.wall, found[0].floor.wall) if found else None
    where = f"{node} processes, {place}"
    return [at_most(f"{where}: own CPU at most {TIMES_FLOOR} × floor", cpu, TIMES_FLOOR),
            at_most(f"{where}: wall at most {TIMES_FLOOR} × floor", wall, TIMES_FLOOR)]


def on_memory(results, node):
    """Peak RSS on this node, the largest of all places."""
    peak = max((one.ours.rss.median for one in results if one.node == node), default=None)
    limit = LARGEST_RSS[node]
    return at_most(f"{node} processes: peak RSS at most {limit // MIB} MiB", peak and peak / MIB, limit / MIB, "{:.1f}")


def on_growth(results, place):
    """How many times the CPU time eight times the processes take."""
    own = {one.node: one.ours.own for one in results if one.place == place}
    growth = ratio(own[LARGE], own[SMALL]) if {SMALL, LARGE} <= own.keys() else None
    return at_most(f"{LARGE} processes: own CPU at most {LARGEST_GROWTH} times that of {SMALL}", growth, LARGEST_GROWTH)


def on_crowd(planted):
    """How many times the CPU time four times the planted names take."""
    growth = planted.many / planted.few if planted and planted.few > 0 else None
    return at_most(f"{crowd.MANY:,} names planted in each log directory: at most {LARGEST_CROWD} times the CPU of {crowd.FEW:,}",
                   growth, LARGEST_CROWD)


def on_shell(measured):
    """How many times less CPU than the shell collector, children included on both sides."""
    times = ratio(measured[1].tree, measured[0].tree) if measured else None
    target = f"64 processes: at least {TIMES_SHELL} times less CPU than the shell collector"
    return Verdict(target, f"{times:.0f}" if times else "", times and times >= TIMES_SHELL)


def verdicts(results, measured, size, places):
    """All of them."""
    made = [verdict for place in places for node in ("64", LARGE) for verdict in against_floor(results, node, place)]
    file = at_most(f"stripped executable at most {LARGEST_FILE} bytes", size, LARGEST_FILE, "{}")
    return [*made, on_growth(results, places[0]), *(on_memory(results, node) for node in LARGEST_RSS),
            on_shell(measured), file]
