#!/usr/bin/env python3
"""Cuts the captured nvidia-smi answers into small files, one per query, below Tests/Captures.

usage: extract_captures.py SOURCE_DIR

SOURCE_DIR holds the captures of utkuozdemir/nvidia_gpu_exporter (*.txt, many sections each) and a
folder of starkdrift/prickle-exporter (one file per query). Sections are copied as they stand, byte
for byte, but for the blank lines at their end.
"""

import pathlib
import sys

CAPTURES = pathlib.Path(__file__).resolve().parent.parent / "Captures"

MACHINES = {
    "linux-x86_64__nvidia-geforce-rtx-2080-super__610.57.04.txt": "rtx2080super-610",
    "linux-x86_64__nvidia-h100-80gb-hbm3__590.48.01.txt": "h100-590",
    "linux-x86_64__nvidia-h100-mig__590.48.01.txt": "h100-mig-590",
    "linux-x86_64__nvidia-h200__590.48.01.txt": "h200-590",
    "linux-x86_64__nvidia-l40s__595.80.txt": "l40s-595",
    "windows-x86_64__nvidia-geforce-rtx-2080-super__591.86.txt": "rtx2080super-windows-591",
}

SECTIONS = {
    b"idle :: nvidia-smi (default table": "table.idle.txt",
    b"load :: nvidia-smi (default table": "table.load.txt",
    b"capabilities :: list (-L)": "list.txt",
    b"idle :: query-gpu (csv": "query-gpu.idle.csv",
    b"load :: query-gpu (csv": "query-gpu.load.csv",
    b"idle :: query-compute-apps": "compute-apps.idle.csv",
    b"load :: query-compute-apps": "compute-apps.load.csv",
    b"idle :: pmon": "pmon.idle.txt",
    b"load :: pmon": "pmon.load.txt",
}

# The one capture with processes on MIG instances: its -q text is what derive_mig_xml.py reads.
ALSO = {"h100-mig-590": {b"load :: query (-q)": "q.txt"}}

PRICKLE = "prickle-h100-mig"
PRICKLE_FILES = {
    "gpus.txt": "list.txt",
    "query-gpu.csv": "query-gpu.load.csv",
    "query-compute-apps.csv": "compute-apps.load.csv",
}


def sections(text):
    """Yields (title, body) of each `#### / # title / # $ command / ####` section."""
    lines = text.split(b"\n")
    rule = b"#" * 80
    rules = [n for n, line in enumerate(lines) if line == rule]
    for opening, closing, following in zip(rules[::2], rules[1::2], rules[2::2] + [len(lines)]):
        title = lines[opening + 1].removeprefix(b"# ")
        body = lines[closing + 1 : following]
        while body and not body[-1]:
            body.pop()
        yield title, b"".join(line + b"\n" for line in body)


def write(machine, name, body):
    folder = CAPTURES / machine
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(body)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    source = pathlib.Path(sys.argv[1])
    for capture, machine in MACHINES.items():
        wanted = SECTIONS | ALSO.get(machine, {})
        found = set()
        for title, body in sections((source / capture).read_bytes()):
            for start, name in wanted.items():
                if title.startswith(start):
                    assert name not in found, f"{capture}: two sections for {name}"
                    found.add(name)
                    write(machine, name, body)
        missing = set(wanted.values()) - found
        assert not missing, f"{capture}: no section for {missing}"
        origin = f"{capture} of the captures in utkuozdemir/nvidia_gpu_exporter, identifiers masked by its author.\n"
        write(machine, "ORIGIN", origin.encode())
    for original, name in PRICKLE_FILES.items():
        body = (source / PRICKLE / original).read_bytes().rstrip(b"\n") + b"\n"
        write("h100-mig-580-prickle", name, body)
    version = (source / PRICKLE / "driver-version.txt").read_text().strip()
    origin = (
        f"{PRICKLE} of starkdrift/prickle-exporter: H100, two 1g.10gb instances, driver {version}, one of them loaded.\n"
        "Both CSV files are --format=csv,noheader,nounits:"
        " query-gpu is index,uuid,name,utilization.gpu,memory.used,memory.total,temperature.gpu,power.draw,"
        " compute-apps is gpu_uuid,pid,process_name,used_gpu_memory.\n"
    )
    write("h100-mig-580-prickle", "ORIGIN", origin.encode())


if __name__ == "__main__":
    main()
