"""A strict reader of the Prometheus text format, written apart from the collector so that it can disagree with it."""

import re

HEADER = re.compile(r"# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)")
SAMPLE = re.compile(r"([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? ([^ ]+)")
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\[\\"n])*)"(,|$)')
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|NaN|[+-]?Inf")
ESCAPES = {"\\\\": "\\", '\\"': '"', "\\n": "\n"}


class ExpositionError(Exception):
    """What is wrong, with the line number."""


def labels(text):
    """The labels between the braces as a dictionary."""
    found, position = {}, 0
    if text.endswith(","):
        raise ExpositionError("a comma after the last label")
    while position < len(text):
        match = LABEL.match(text, position)
        if match is None:
            raise ExpositionError(f"bad label at {text[position:position + 40]!r}")
        name, value, _ = match.groups()
        if name in found:
            raise ExpositionError(f"label {name} twice")
        found[name] = re.sub(r"\\.", lambda escape: ESCAPES[escape.group()], value)
        position = match.end()
    return found


def series(name, label_text):
    """What identifies a series: an empty label is the same as none."""
    pairs = labels(label_text or "")
    return name, frozenset((key, value) for key, value in pairs.items() if value != "")


def sample(line):
    """(series, value) of one sample line."""
    match = SAMPLE.fullmatch(line)
    if match is None or not NUMBER.fullmatch(match.group(3)):
        raise ExpositionError("neither a HELP, nor a TYPE, nor a sample without timestamp")
    return series(match.group(1), match.group(2)), float(match.group(3))


class Reader:
    """One pass over the lines: a family is HELP, TYPE, then all of its samples, once."""

    def __init__(self):
        self.samples, self.started, self.typed = {}, [], set()

    def take(self, line):
        header = HEADER.fullmatch(line)
        if header is None:
            return self.take_sample(line)
        kind, name, text = header.groups()
        if kind == "HELP":
            if name in self.started:
                raise ExpositionError(f"family {name} is not in one piece")
            if not text or re.search(r"\\(?![\\n])", re.sub(r"\\\\", "", text)):
                raise ExpositionError(f"HELP of {name} is empty or badly escaped")
            self.started.append(name)
        else:
            if self.started[-1:] != [name] or name in self.typed:
                raise ExpositionError(f"TYPE of {name} does not follow its HELP")
            if text not in ("gauge", "counter"):
                raise ExpositionError(f"type {text} of {name}")
            self.typed.add(name)
        return None

    def take_sample(self, line):
        key, value = sample(line)
        if self.started[-1:] != [key[0]] or key[0] not in self.typed:
            raise ExpositionError(f"sample of {key[0]} outside of its family, or without HELP and TYPE")
        if key in self.samples:
            raise ExpositionError(f"series twice: {line}")
        self.samples[key] = value


def family(samples, name):
    """[(labels, value)] of one family of a parsed file."""
    return [(dict(labels), value) for (found, labels), value in samples.items() if found == name]


def parse(contents):
    """{series: value} of a whole file; raises ExpositionError at the first thing that is not strictly right."""
    try:
        text = contents.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ExpositionError(f"invalid UTF-8: {error}") from None
    if not text.endswith("\n"):
        raise ExpositionError("the file does not end in a newline")
    reader = Reader()
    for number, line in enumerate(text[:-1].split("\n"), 1):
        try:
            reader.take(line)
        except ExpositionError as error:
            raise ExpositionError(f"line {number}: {error}") from None
    if not reader.samples:
        raise ExpositionError("no sample")
    return reader.samples
