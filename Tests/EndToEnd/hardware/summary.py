"""The summary: a line for each question, which open ones are settled, and what did not run and why."""

import dataclasses
import os

from hardware.questions import OPEN

TITLE = "# Hardware check\n"
NOT_YET = "did not run: the check was cut off before it"


@dataclasses.dataclass
class State:
    """How one part went."""

    name: str
    about: str
    state: str = NOT_YET
    seconds: float = 0
    calls: int = 0


def line(text):
    """The text as one line, whatever somebody else has put into it."""
    return " / ".join(piece for piece in text.splitlines() if piece.strip())


def part_lines(states):
    """The table of the parts. Why one did not run to its end stands below it."""
    head = ["| part | what | state | seconds | calls |", "|---|---|---|---|---|"]
    return head + [f"| {one.name} | {one.about} | {one.state.partition(':')[0]} | {one.seconds:.1f} | {one.calls} |" for one in states]


def question_lines(recorder):
    return [f"- {question} " + (f"Settled: {line(recorder.settled[key])}" if key in recorder.settled else "Still open.")
            for key, question in OPEN.items()]


def text(recorder, states):
    """All of it, as Markdown."""
    failed = [one for one in states if one.state != "done"]
    sections = {
        "Parts": part_lines(states),
        "Wrong figures": [f"- {line(complaint)}" for complaint in recorder.complaints] or ["None was found."],
        "Open questions": question_lines(recorder),
        "Did not run, or not to its end": [f"- {one.name}: {line(one.state)}" for one in failed] or ["Every part ran to its end."],
        "Findings": [f"- {part}: {question}: {line(answer)}" for part, question, answer in recorder.findings],
    }
    return TITLE + "".join(f"\n## {title}\n\n" + "\n".join(lines) + "\n" for title, lines in sections.items())


def is_ours(directory):
    """Whether the directory holds results of an earlier run."""
    path = directory / "summary.md"
    return path.is_file() and path.read_text(encoding="utf-8", errors="replace").startswith(TITLE)


def write(recorder, states):
    """Replaces summary.md as a whole, so that a reader never sees half of it."""
    path, new = recorder.directory / "summary.md", recorder.directory / "summary.md.new"
    new.write_text(recorder.masked(text(recorder, states)), encoding="utf-8", errors="backslashreplace")
    os.replace(new, path)
