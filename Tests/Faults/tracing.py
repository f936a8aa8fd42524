"""One run below strace: its own system calls in order, and a fault put in place of one of them."""

import collections
import re
import shutil
import subprocess

CALL = re.compile(r"^(\w+)\(")
# What strace prints of a path, as an argument or beside a descriptor.
PATH = re.compile(r'"([^"]*)"|<([^>]*)>')
# How often the program looks after its children depends on how fast they are.
WAITING = {"ppoll", "waitid", "wait4", "rt_sigpending"}

Call = collections.namedtuple("Call", "name number key occurrence")


def why_not():
    """Why nothing can be traced here; None where it can."""
    if shutil.which("strace") is None:
        return "strace is not installed"
    probe = ["strace", "-o", "/dev/null", "-e", "inject=getppid:error=EIO", "true"]
    return None if subprocess.run(probe, capture_output=True, check=False).returncode == 0 else "ptrace is refused"


def read(log, folder):
    """The calls of a log. `number` counts those of one name; `key` and `occurrence` name a call across runs."""
    names, keys, calls = collections.Counter(), collections.Counter(), []
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        match = CALL.match(line)
        if match is None:
            continue
        name, arguments = match.group(1), line.rpartition(") = ")[0] or line.removesuffix(" <unfinished ...>")
        # Numbers of processes and pipes differ, as does the folder; only what stays the same is kept.
        paths = [re.sub(r"\d+", "#", one or other) if "pipe:" in other or "/proc/" in other and name != "openat"
                 else one or other for one, other in PATH.findall(arguments.replace(str(folder), "FOLDER"))]
        key = " ".join([name, *paths])
        names[name] += 1
        keys[key] += 1
        calls.append(Call(name, names[name], key, keys[key]))
    return calls


def run(scene, *inject, options=(), **how):
    """(outcome, calls) of one run of the scene below strace, its children left alone."""
    log = scene.folder / "strace.log"
    prefix = ["strace", "-y", "-s", "0", "-o", str(log)]
    for expression in inject:
        prefix += ["-e", f"inject={expression}"]
    outcome = scene.run(*options, prefix=prefix, **how)
    return outcome, read(log, scene.folder)


def is_steady(call):
    """Whether the call comes at the same place in every run."""
    return call.name not in WAITING and not call.key.startswith(("read pipe", "close pipe"))


def publishing(calls):
    """The calls of the publication: from the opening of the output directory on."""
    start = max(index for index, call in enumerate(calls) if call.key.startswith("openat") and call.key.endswith(" FOLDER/out"))
    return calls[start:]
