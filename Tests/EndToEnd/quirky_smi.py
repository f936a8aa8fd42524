#!/usr/bin/env python3
"""An nvidia-smi for the tests of the hardware check: a recorded machine on which the processes run that use libcuda.c.

It prints names as driver 580 does (Tests/Captures/h200-580-odd-names) and GPM as that driver does (h200-580-gpm); what it prints
of MIG instances is derived from these, and nobody has seen it. FAKE_GPU names a directory with the library and config.json:
  machine   a directory of Tests/Captures          unknown   fields that this driver does not know
  table_mib what the table shows more of each process than the CSV
  gpm       figures, dashes, refused or nameless    hang, slow   kinds of call, the latter with seconds
Each call is added to calls.jsonl.
"""

import csv
import json
import os
import pathlib
import sys
import time

import smi_answers

FAKE = pathlib.Path(os.environ["FAKE_GPU"])
CONFIG = json.loads((FAKE / "config.json").read_text())
MACHINE = pathlib.Path(CONFIG["machine"])
REFUSED = "Invalid combination of input arguments. Please run 'nvidia-smi -h' for help.\n"
HELP = "List of valid properties to query:\n\n" + "".join(f'"{name}"\nWhat it is.\n\n' for name in ("compute_mode", "mig.mode.pending"))
# Of each context, beyond what it was told to take.
CONTEXT_MIB = 518


def recorded(name):
    return (MACHINE / name).read_text()


def processes():
    """[(index, GI, CI, PID, name, MiB)] of all that have the library mapped."""
    instances = smi_answers.instances(recorded("list.txt"), recorded("table.load.txt"))
    places = {uuid: label.split("_") for label, (uuid, _, _) in instances.items()}
    for path in sorted(pathlib.Path("/proc").glob("[0-9]*"), key=lambda path: int(path.name)):
        try:
            if str(FAKE / "libcuda.so.1") not in (path / "maps").read_text():
                continue
            words = (path / "cmdline").read_bytes().split(b"\0")[:-1]
            variables = dict(one.partition(b"=")[::2] for one in (path / "environ").read_bytes().split(b"\0"))
        except OSError:
            continue
        place = places.get(variables.get(b"CUDA_VISIBLE_DEVICES", b"").decode(), ["0", "N/A", "N/A"])
        script = next(index for index, word in enumerate(words) if word.endswith(b"cuda_process.py"))
        mib = (int(words[script + 1]) + CONTEXT_MIB) * int(words[script + 2])
        yield *place, path.name, words[0].decode(errors="surrogateescape"), mib


def query_gpu(fields):
    rows = list(csv.reader(recorded("query-gpu.load.csv").splitlines(), skipinitialspace=True))
    columns = {name.partition(" ")[0]: index for index, name in enumerate(rows[0])}
    for field in fields:
        if field not in columns or field in CONFIG.get("unknown", []):
            return f'Field "{field}" is not a valid field to query.\n\n', 2
    rows = rows["noheader" in sys.argv[2]:]
    return "".join(", ".join(row[columns[field]] for field in fields) + "\n" for row in rows), 0


def query_apps(fields):
    uuid = smi_answers.LIST_GPU.search(recorded("list.txt"))[2]
    heads = {"used_gpu_memory": "used_gpu_memory [MiB]"}
    lines = [] if "noheader" in sys.argv[2] else [", ".join(heads.get(field, field) for field in fields)]
    for _, _, _, pid, name, mib in processes():
        row = {"gpu_uuid": uuid, "pid": pid, "process_name": name.replace(",", "?"), "used_gpu_memory": f"{mib} MiB"}
        lines.append(", ".join(row[field] for field in fields))
    return "".join(line + "\n" for line in lines), 0


def pmon(_):
    if "--format" in sys.argv:
        return REFUSED, 2
    head = "".join(line for line in recorded("pmon.load.txt").splitlines(keepends=True) if line.startswith("#"))
    rows = "".join(f"{index:>5} {pid:>10}     C      -      -      -      -      -      -    {name.rpartition('/')[2][:15]:<15}\n"
                   for index, _, _, pid, name, _ in processes())
    return head + (rows or "    0          -     -      -      -      -      -      -      -    -              \n"), 0


def table(_):
    head, line, _ = recorded("table.load.txt").rpartition("=|\n")
    more = CONFIG.get("table_mib", 0)
    rows = "".join(f"|{index:>5}   {gi:^3}  {ci:^3}{pid:>16}      C   {cut(name):<36}{mib + more:>7}MiB |\n"
                   for index, gi, ci, pid, name, mib in processes())
    return head + line + rows + "+" + "-" * 89 + "+\n", 0


def cut(name):
    return name if len(name) <= 35 else "..." + name[-29:]


def full(arguments):
    if "-x" in arguments:
        items = "".join(f"<process_info><pid>{pid}</pid><type>C</type><process_name>{name}</process_name>"
                        f"<used_memory>{mib} MiB</used_memory></process_info>\n" for *_, pid, name, mib in processes())
        return f"<nvidia_smi_log><gpu><serial>1321021012345</serial><processes>{items}</processes></gpu></nvidia_smi_log>\n", 0
    return "    Processes\n" + "".join(
        f"        GPU instance ID                   : {gi}\n        Compute instance ID               : {ci}\n"
        f"        Process ID                        : {pid}\n            Type                          : C\n"
        f"            Name                          : {name}\n            Used GPU Memory               : {mib} MiB\n"
        for _, gi, ci, pid, name, mib in processes()), 0


def dmon(arguments):
    gpm = CONFIG.get("gpm", "figures")
    if gpm == "refused":
        return REFUSED, 2
    if "248,249" in arguments:
        return "Metric value too high: 248\nCould not parse GPM metrics\nFailed to process command line \n\n\n", 255
    options = arguments[arguments.index("--gpm-options") + 1] if "--gpm-options" in arguments else ""
    columns = ["mig_id", "gi_id", "ci_id"] * ("m" in options) + ["gract", "smutil", "dram"]
    labels = [label.split("_") for label in smi_answers.instances(recorded("list.txt"), recorded("table.load.txt"))]
    places = [["0", str(number), gi, ci] for number, (_, gi, ci) in enumerate(labels)] or [["0", "-", "-", "-"]]
    lines = ["# gpu     " + "      ".join(columns), "# Idx     " + "      ".join(["GPM:%"] * len(columns))]
    lines = ["# x   y"] if gpm == "nameless" else lines
    for cycle in range(4):
        figures = ["99", "1175372905" if cycle == 3 else "71", "15"] if cycle > 1 and gpm == "figures" else ["-"] * 3
        lines += ["    " + "      ".join([place[0], *place[1:] * ("m" in options), *figures]) for place in places]
    text = "".join(line + " \n" for line in lines)
    # The CSV has no row of units.
    return ("".join(csv_line(line) for line in lines if not line.startswith("# Idx")) if "--format" in arguments else text), 0


def csv_line(line):
    mark = "#" if line.startswith("#") else " "
    return mark + ", ".join(line.lstrip("# ").split()) + "\n"


KINDS = {"-L": lambda _: (recorded("list.txt"), 0), "pmon": pmon, "dmon": dmon, "-q": full, "": table, "--help-query-gpu": lambda _: (HELP, 0),
         "--version": lambda _: ("NVIDIA-SMI version  : 590.48.01\n", 0)}


def main():
    arguments = sys.argv[1:]
    first, _, fields = (arguments or [""])[0].partition("=")
    with open(FAKE / "calls.jsonl", "a") as log:
        log.write(json.dumps([os.geteuid(), *arguments]) + "\n")
    time.sleep(CONFIG.get("slow", {}).get(first, 0))
    if first in CONFIG.get("hang", []):
        time.sleep(10_000)
    queries = {"--query-gpu": query_gpu, "--query-compute-apps": query_apps}
    text, status = queries[first](fields.split(",")) if first in queries else KINDS.get(first, lambda _: (REFUSED, 2))(arguments)
    sys.stdout.buffer.write(text.encode(errors="surrogateescape"))
    sys.stdout.flush()
    return status


if __name__ == "__main__":
    sys.exit(main())
