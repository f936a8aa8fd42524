"""Part 5: processes with names that could break a line, forge a row or an element, and what each output makes of them."""

import re
import xml.etree.ElementTree

from hardware.load import Holders

MIB = 8
TITLES = {
    "a line feed in a name": b"line1\nline2",
    "a line feed and a row of the CSV in a name": b"a\nGPU-00000000-0000-0000-0000-000000000000, 4242, 9 MiB",
    "markup in a name": b"</process_name></process_info></processes></gpu><gpu>",
    "a comma in a name": b"mem, hog,x",
    "invalid UTF-8 in a name": b"/x/\xff\xfe\x80bad",
    "arguments in a name": b"tool --key=x /a/b",
    "a row of the table in a name": b"|    0   N/A  N/A            4242      C   forged                                  9MiB |",
    "a long name": b"/very/long/" + b"d" * 100 + b"/program",
    "a carriage return in a name": b"cr\rhere",
    "an escape sequence in a name": b"e\x1b[31mred",
    "a dash as name": b"-",
}
CSV = ["--query-compute-apps=pid,process_name", "--format=csv,noheader"]
OUTPUTS = {
    "the CSV": CSV,
    "the CSV without names": ["--query-compute-apps=gpu_uuid,pid,used_gpu_memory", "--format=csv"],
    "pmon": ["pmon", "-c", "1", "-s", "um"],
    "the table": [],
    "-q -x": ["-q", "-x"],
    "-q -d PIDS": ["-q", "-d", "PIDS"],
}
# How the row of a process begins in each, up to its PID or just after, and how the next row does.
ROWS = {
    "the CSV": r"^{pid}, ", "pmon": r"^ +\d+ +{pid} (?= *[A-Z-])", "the table": r"^\| +\d+ +(?:\d+|N/A) +(?:\d+|N/A) +{pid} ",
    "-q -x": r"<pid>{pid}</pid>", "-q -d PIDS": r"^ +Process ID +: {pid}$",
}
NEXT = {
    "the CSV": r"^\d+, ", "pmon": r"^ +\d+ +\d+ ", "-q -x": r"<pid>",
    "the table": r"^\| +\d+ +(?:\d+|N/A) +(?:\d+|N/A) +\d+ +[CGM+]+ |^\+-",
    "-q -d PIDS": r"^ +(?:GPU instance ID|Process ID) +: ",
}
NAMES = {"-q -x": r"<process_name>(.*)</process_name>", "-q -d PIDS": r" Name +: (.*?)\n +Used GPU Memory"}


def printed(kind, text, pid):
    """What an output prints of one process, its name alone where that can be told; None where it has none."""
    begin = re.search(ROWS[kind].format(pid=pid), text, re.MULTILINE)
    if begin is None:
        return None
    rest = text[begin.end():]
    end = re.search(NEXT[kind], rest, re.MULTILINE)
    row = (rest[:end.start()] if end else rest).rstrip("\n")
    name = re.search(NAMES[kind], row, re.DOTALL) if kind in NAMES else None
    return name[1] if name else row.strip(" ") if kind in ("pmon", "the table") else row


def quoted(text):
    """What was printed, with every odd byte in sight."""
    return "nothing" if text is None else ascii(text)


def well_formed(text):
    """Whether a parser of XML takes it."""
    try:
        xml.etree.ElementTree.fromstring(text.encode(errors="surrogateescape"))
    except xml.etree.ElementTree.ParseError as error:
        return f"not well-formed: {error}"
    return "well-formed"


def forged_complaints(samples, pids):
    """Every process of ours once, and none that does not exist."""
    found = [dict(pairs)["pid"] for family, pairs in samples if family == "gpu_process_info" and dict(pairs).get("pid")]
    missing = [f"{what}: process {pid} is published {found.count(pid)} times" for what, pid in pids.items() if found.count(pid) != 1]
    return missing + (["a process was forged by a name: 4242"] if "4242" in found else [])


def report(recorder, answers, pids):
    for what, pid in pids.items():
        said = {kind: printed(kind, answers[kind].out, pid) for kind in ROWS}
        recorder.say(f"{what} ({ascii(TITLES[what])[1:]})",
                     "; ".join(f"{kind} prints {quoted(text)}" for kind, text in said.items()))
    recorder.settle("xml-names", well_formed(answers["-q -x"].out))


def run(recorder, collector, machine):
    # What the check has chosen itself identifies nobody.
    recorder.mask.kept |= {title.decode(errors="surrogateescape") for title in TITLES.values()}
    with Holders(recorder.budget, recorder.own) as holders:
        started = {what: holders.start(machine.uuids[0], MIB, title) for what, title in TITLES.items()}
        for process in started.values():
            holders.wait(process)
        pids = {what: str(process.pid) for what, process in started.items()}
        recorder.write({"titles": [f"{pid} {ascii(TITLES[what])}" for what, pid in pids.items()]})
        answers = {kind: recorder.run([collector.program, *arguments]) for kind, arguments in OUTPUTS.items()}
        _, samples = collector.run(recorder)
        recorder.complain(forged_complaints(samples, pids))
        report(recorder, answers, pids)
