"""The results, masked, in a directory that can be read at any moment: each call as soon as it ends, the summary after each part."""

import json
import os
import pathlib
import pwd
import re
import socket
import time

from hardware.children import Answer, Child
from hardware.questions import OPEN

# Of one call of nvidia-smi, seconds.
CALL_SECONDS = 30
ENVIRONMENT = os.environ | {"LC_ALL": "C", "NVSMI_SHOW_ALL_DEVICES": "1"}
# UIDs of people.
PEOPLE = range(1000, 60000)
# Words of a foreign command line: shorter ones, and numbers, identify nobody.
WORD = re.compile(r"[^\s/=,:]*[^\W\d][^\s/=,:]*")
SHORTEST = 4
NUMBER = re.compile(r"(?<![\w.-])\d{1,7}(?![\w.])")


def machine_words():
    """Names of the machine and of its people."""
    people = {one.pw_name for one in pwd.getpwall() if one.pw_uid in PEOPLE}
    return {socket.gethostname(), socket.gethostname().partition(".")[0], os.uname().nodename} | people


def command_line(pid):
    """The title and arguments of a process; empty where it is gone."""
    try:
        text = pathlib.Path("/proc", pid, "cmdline").read_bytes()
    except OSError:
        return ""
    return text.rstrip(b"\0").replace(b"\0", b" ").decode(errors="surrogateescape")


def words(line):
    """What a command line has that could name somebody."""
    return {word for word in WORD.findall(line) if len(word) >= SHORTEST}


class Recorder:
    """Runs commands and keeps what they said. `own` has the PIDs of processes that the check itself has started."""

    def __init__(self, directory, mask, budget):
        self.directory, self.mask, self.budget = directory, mask, budget
        self.own = {os.getpid(), os.getppid()}
        # Names of fields and options are nobody's, also if somebody else asks for them.
        self.asked = set()
        # (part, question, answer), and what is wrong.
        self.findings, self.complaints, self.settled = [], [], {}
        self.part, self.calls = "machine", 0
        directory.mkdir(parents=True, exist_ok=True)

    def masked(self, text):
        """The text without what identifies the machine, its people, or what others run on it."""
        for pid in set(NUMBER.findall(text)) - {str(pid) for pid in self.own}:
            line = command_line(pid)
            self.mask.add_title(line)
            self.mask.add_words(words(line) - self.asked)
        return self.mask.text(text)

    def write(self, record):
        """Adds a line to the part's file, which a reader has at once."""
        with open(self.directory / f"{self.part}.jsonl", "a", encoding="ascii") as file:
            file.write(self.masked_json(record) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def masked_json(self, record):
        """One line; what is no UTF-8 stands as a surrogate."""
        return json.dumps({key: self.masked_value(value) for key, value in record.items()})

    def masked_value(self, value):
        """A text, or what has texts in it."""
        if isinstance(value, (list, tuple)):
            return [self.masked_value(one) for one in value]
        return self.masked(value) if isinstance(value, str) else value

    def start(self, command, variables=(), as_nobody=False):
        """A command that runs; none is started without time."""
        self.budget.limit(CALL_SECONDS)
        self.asked |= words(" ".join(map(str, command[1:])))
        return Child(command, ENVIRONMENT | dict(variables), as_nobody)

    def finish(self, child, limit=CALL_SECONDS, output=True, **more):
        """Waits for it, writes what it said, and returns that; without `output` the lengths only."""
        try:
            answer = child.finish(self.budget.limit(limit))
        except BaseException:
            child.abandon()
            raise
        self.calls += 1
        said = {"stdout": answer.out, "stderr": answer.err} if output else {"stdout_bytes": len(answer.out)}
        self.write({"command": answer.command, "status": answer.status, "seconds": round(answer.seconds, 4)} | more | said)
        return answer

    def run(self, command, limit=CALL_SECONDS, output=True, variables=(), as_nobody=False, **more) -> Answer:
        """One command from its start to its end."""
        return self.finish(self.start(command, variables, as_nobody), limit, output, **more)

    def run_together(self, commands, limit=CALL_SECONDS):
        """([Answer], seconds until the last has ended) of commands that run at the same time."""
        begin, children = time.monotonic(), []
        try:
            children += (self.start(command) for command in commands)
            answers = [child.finish(self.budget.limit(limit)) for child in children]
        except BaseException:
            for child in children:
                child.abandon()
            raise
        seconds = time.monotonic() - begin
        self.calls += len(answers)
        self.write({"at_once": [" ".join(answer.command) for answer in answers], "seconds": round(seconds, 4),
                    "status": [answer.status for answer in answers]})
        return answers, seconds

    def say(self, question, answer):
        """A line of the summary."""
        self.findings.append((self.part, question, answer))
        self.write({"question": question, "answer": answer})

    def settle(self, question, answer):
        """One of the open questions."""
        self.settled[question] = answer
        self.say(OPEN[question], answer)

    def complain(self, complaints):
        """What is wrong with the collector's figures."""
        self.complaints += map(self.masked, complaints)
        for complaint in complaints:
            self.write({"complaint": complaint})
