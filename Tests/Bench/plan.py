"""The plan of the floor, derived from a trace of the collector: what it had to ask the kernel for, each thing once.

A record is (letter, base, second, texts) as floor.c reads it: `base` is the slot of the directory below which the name is.
Slots are the collector's own descriptors, and three more. Whatever is not about the node, its children or the published
file is left out, as are fstat, locks and whatever happens a second time.
"""

import os
import pathlib
import re

ROOT, PROC, HERE = 253, 254, 255
CALL = re.compile(r"(\w+)\((.*)\) += (-?\d+)")
BASE = re.compile(r"(\d+|AT_FDCWD)(?:<[^>]*>)?")
TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"')
SPAWNING = ("clone", "clone3", "vfork", "fork")
LOOKING = ("newfstatat", "fstatat64", "statx", "stat", "lstat", "access", "faccessat", "faccessat2")
OPENING, LINKS, RENAMING = ("open", "openat"), ("readlink", "readlinkat"), ("rename", "renameat", "renameat2")
TRACED = (*SPAWNING, *LOOKING, *OPENING, *LINKS, *RENAMING, "execve", "close", "getdents64", "write", "wait4", "waitid")


class Planner:
    """Takes the collector's system calls in order."""

    def __init__(self, root, output, arguments):
        self.root, self.output, self.arguments = str(root), pathlib.Path(output), arguments
        self.records, self.seen, self.directories, self.running = [], set(), {}, 0
        # Directories of O_PATH, on the way to a file, by descriptor. The floor reads the file by its whole path.
        self.steps = {}
        # The descriptor of the file that will be published, and how much has been written to it.
        self.created, self.bytes = None, 0

    def add(self, letter, base, second=0, *texts):
        self.records.append((letter, base, second, texts))

    def add_once(self, letter, found):
        """The record, unless it has been asked before."""
        base, name, path = found
        if (letter, path) not in self.seen:
            self.seen.add((letter, path))
            self.add(letter, base, 0, name)

    def find(self, arguments):
        """(slot, name below it, whole path) of what the call is about; None if it is not about the node or output."""
        base, text = BASE.match(arguments), TEXT.search(arguments)
        name = text.group(1) if text else ""
        if base and base.group(1) != "AT_FDCWD" and not name.startswith("/"):
            slot = int(base.group(1))
            if slot in self.steps:
                return self.place(os.path.normpath(f"{self.steps[slot]}/{name}")) if name else None
            return (slot, name, f"{self.directories[slot]}/{name}") if slot in self.directories and name else None
        return self.place(os.path.normpath(name))

    def place(self, path):
        """The same of a whole path."""
        if path == str(self.output.parent):
            return HERE, path, path
        for slot, above in ((PROC, f"{self.root}/proc/"), (ROOT, f"{self.root}/")):
            if path.startswith(above):
                return slot, path.removeprefix(above), path
        return None

    def take(self, name, arguments, result):
        """One system call."""
        if name in SPAWNING and "CLONE_THREAD" in arguments:
            return
        if name in SPAWNING and result > 0:
            texts = self.arguments(result)
            self.add("S", 0, len(texts), *texts)
            self.running += 1
        elif name == "wait4" and result > 0 or name == "waitid" and "WNOWAIT" not in arguments and "si_pid" in arguments:
            self.wait()
        elif name == "write":
            if BASE.match(arguments).group(1) == str(self.created):
                self.bytes += max(result, 0)
        elif name in RENAMING and result == 0:
            self.rename(arguments)
        else:
            self.take_file(name, arguments, result)

    def wait(self):
        """The first child that is reaped means that all are waited for."""
        if self.running:
            self.add("W", 0)
            self.running = 0

    def rename(self, arguments):
        """The published file takes its place."""
        found, target = self.find(arguments), TEXT.findall(arguments)[1]
        if found and target.endswith(self.output.name):
            self.add("P", found[0], 0, ".floor.prom.tmp", "floor.prom", str(self.bytes))

    def take_file(self, name, arguments, result):
        """A call on a file, link or directory."""
        slot = int(BASE.match(arguments).group(1)) if arguments[:1].isdigit() else None
        if "O_PATH" in arguments:
            self.step(arguments, result)
        elif name == "close" and slot in self.steps:
            del self.steps[slot]
        elif name == "close" and slot in self.directories:
            del self.directories[slot]
            self.add("C", slot)
        elif name == "getdents64" and slot in self.directories:
            if ("G", self.directories[slot]) not in self.seen:
                self.seen.add(("G", self.directories[slot]))
                self.add("G", slot)
        elif found := self.find(arguments):
            self.take_path(name, arguments, result, found)

    def step(self, arguments, result):
        """A directory is looked up. One that is not there is looked for by the floor too."""
        base, name = BASE.match(arguments).group(1), TEXT.search(arguments).group(1)
        above = "" if base == "AT_FDCWD" else self.steps.get(int(base))
        if above is None:
            return
        path = os.path.normpath(os.path.join(above, name))
        found = self.place(path)
        if result >= 0:
            self.steps[result] = path
        elif found:
            self.add_once("N", found)

    def take_path(self, name, arguments, result, found):
        """A call on a path."""
        is_ours = found[2].startswith(self.root)
        if name in OPENING and result >= 0 and "O_DIRECTORY" in arguments:
            self.directories[result] = found[2]
            self.add("O", found[0], result, found[1])
        elif name in OPENING and "O_CREAT" in arguments:
            self.created, self.bytes = result, 0
        elif name in OPENING and is_ours:
            self.add_once("F" if result >= 0 else "N", found)
        elif name in LINKS and is_ours:
            self.add_once("L" if result >= 0 else "N", found)
        elif name in LOOKING and is_ours:
            self.add_once("T", found)


def folded(records):
    """Without directories opened for nothing, or for the sake of one name only."""
    kept, opened = [], set()
    for record in records:
        kept.append(record)
        if record[0] != "C":
            continue
        if kept[-2][0] == "O" and kept[-2][3] in opened:
            del kept[-2:]
        elif kept[-2][0] in "FNLT" and kept[-3][0] == "O" and kept[-3][2] == record[1] == kept[-2][1]:
            (_, base, _, (above,)), (letter, _, _, (name,)) = kept[-3:-1]
            kept[-3:] = [(letter, base, 0, (f"{above}/{name}",))]
        elif kept[-2][0] == "O":
            opened.add(kept[-2][3])
    return kept


def derive(lines, arguments, root, output):
    """The records, from the lines of the trace and `arguments(pid)`, which tells what a child was started with."""
    planner = Planner(root, output, arguments)
    for line in lines:
        if match := CALL.match(line):
            name, text, result = match.groups()
            planner.take(name, text, int(result))
    planner.wait()
    before = [("O", HERE, ROOT, (str(root),)), ("O", ROOT, PROC, ("proc",))]
    return before + folded(planner.records)


def encoded(records):
    """The file that floor.c follows."""
    parts = []
    for letter, base, second, texts in records:
        parts.append(letter.encode() + bytes([base, second]) + b"".join(text.encode() + b"\0" for text in texts))
    return b"".join(parts)
