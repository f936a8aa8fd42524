"""One run below strace: its own system calls in order, and a fault put in place of one of them."""

import collections
import re

from scene import strace

CALL = re.compile(r"^(\w+)\(")
# What strace prints of a path, as an argument or beside a descriptor.
PATH = re.compile(r'"([^"]*)"|<([^>]*)>')

# `key` and `occurrence` name a call across runs. `path` and `number` are for strace: the how manieth of its name on
# that path, or, without a path, in the whole run.
Call = collections.namedtuple("Call", "name key occurrence path number is_renamed is_injected")


def why_not():
    """Why no fault can be injected here; None where it can."""
    return strace.why_not("-e", "inject=getppid:error=EIO")


def paths_in(line):
    """What the call is about, as far as it is the same in every run: no number of a pipe or of this process."""
    paths = [one or other for one, other in PATH.findall(line.rpartition(") = ")[0])]
    return [re.sub(r"^(pipe:|/proc/)[\[\d\]]+", r"\1#", path) for path in paths if path]


def aim(paths):
    """The path by which strace finds the call: the last one it is about that is whole and always the same."""
    whole = [path for path in paths if path.startswith(("/", "FOLDER")) and "#" not in path]
    return whole[-1] if whole else None


def read(log, folder):
    """The calls of a log, those before the program's first left out."""
    keys, numbers, calls, is_renamed = collections.Counter(), collections.Counter(), [], False
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        match = CALL.match(line)
        if match is None or match.group(1) == "execve":
            continue
        name, paths = match.group(1), paths_in(line.replace("<unfinished ...>", "").replace(str(folder), "FOLDER"))
        key, path = " ".join([name, *paths]), aim(paths)
        keys[key] += 1
        numbers[name, None] += 1
        for about in set(paths):
            numbers[name, about] += 1
        calls.append(Call(name, key, keys[key], path, numbers[name, path], is_renamed, line.endswith("(INJECTED)")))
        is_renamed = is_renamed or name == "renameat"
    return calls


def run(scene, call=None, fault="", **how):
    """(outcome, calls) of one run of the scene below strace, its children left alone.

    With a call the fault (`error=EIO`, `signal=KILL`) takes its place; then only the calls on its path are told.
    """
    log = scene.folder / "strace.log"
    prefix = ["strace", "-y", "-s", "0", "-a", "1", "-o", str(log)]
    if call is not None:
        prefix += ["-e", f"inject={call.name}:{fault}:when={call.number}"]
        if call.path is not None:
            prefix += ["-P", call.path.replace("FOLDER", str(scene.folder))]
    outcome = scene.run(prefix=prefix, **how)
    return outcome, read(log, scene.folder)


def is_steady(call):
    """Whether the call comes at the same place in every run."""
    return call.name not in strace.WAITING and not call.key.startswith(("read pipe", "close pipe"))


def publishing(calls):
    """The calls of the publication: from the opening of the output directory on."""
    start = max(index for index, call in enumerate(calls) if call.name == "openat" and call.key.endswith(" FOLDER/out"))
    return calls[start:]
