"""Runs of a program below strace: what its plan is made of, and which system calls it makes."""

import collections
import pathlib
import subprocess
import tempfile

import beside  # noqa: F401
import plan

from strace import CALL, READING, traced


def run(before, command, environment, options, output):
    """strace on the command, its log at `output`; the command `before` runs strace."""
    subprocess.run([*before, "strace", *options, "-o", str(output), *map(str, command)], env=environment, check=True,
                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def started_with(text):
    """The arguments of the last program that the traced process became."""
    call = [line for line in text.splitlines() if line.startswith("execve(")][-1]
    return plan.TEXT.findall(call[call.index("["):call.index("]", call.index('"'))])


def records(before, command, environment, root, output):
    """The plan of the floor that does what this command does."""
    with tempfile.TemporaryDirectory() as directory:
        prefix = pathlib.Path(directory, "trace")
        options = ["-ff", "-y", "-s512", "-qq", *traced(plan.TRACED), "-e", "signal=none"]
        run(before, command, environment, options, prefix)
        texts = {int(path.suffix[1:]): path.read_text(errors="replace") for path in prefix.parent.iterdir()}
    first = next(text for text in texts.values() if text.startswith(f'execve("{command[0]}"'))
    found = plan.derive(first.splitlines(), lambda pid: started_with(texts[pid]), root, output)
    if not {"S", "W", "P"} <= {record[0] for record in found}:
        raise RuntimeError("the trace shows no children or nothing published: plan.py does not know how it is done")
    return found


Calls = collections.namedtuple("Calls", "kinds bytes_read")


def kind(name, arguments, result):
    """The call's name. A directory that is there, and is only looked up on the way to a file, counts apart."""
    return f"{name} O_PATH" if "O_PATH" in arguments and result != "-1" else name


def calls(before, command, environment):
    """How many system calls of each kind the program itself makes, and how many bytes it reads."""
    with tempfile.TemporaryDirectory() as directory:
        log = pathlib.Path(directory, "trace")
        run(before, command, environment, ["-s0", "-qq", "-e", "signal=none"], log)
        found = [CALL.match(line) for line in log.read_text(errors="replace").splitlines()]
    kinds = collections.Counter(kind(*match.groups()) for match in found if match)
    results = [int(match.group(3)) for match in found if match and match.group(1) in READING and match.group(3) != "?"]
    return Calls(dict(kinds.most_common()), sum(result for result in results if result > 0))
