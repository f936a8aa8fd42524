"""What nvidia-smi says of a machine, read by parsers written apart from the collector's, as figures that can be compared."""

import csv
import re

FIELDS = (
    "index,uuid,pci.bus_id,name,driver_version,mig.mode.current,utilization.gpu,memory.total,memory.used,temperature.gpu,"
    "power.draw,power.limit"
)
# What the collector asks. File of a fixture: arguments.
RECORDED = {
    "query-gpu": [f"--query-gpu={FIELDS}", "--format=csv"],
    "query-compute-apps": ["--query-compute-apps=gpu_uuid,pid,used_gpu_memory", "--format=csv"],
    "pmon": ["pmon", "-c", "1", "-s", "u"],
    "list": ["-L"],
    "table": [],
}
# The names of the programs, whole, are for the comparison only.
QUERIES = RECORDED | {"names": ["--query-compute-apps=pid,process_name", "--format=csv"]}
MIB = 2**20
# Of a physical GPU: family, column, factor.
GPU_FIGURES = (
    ("gpu_memory_total_bytes", "memory.total", MIB), ("gpu_memory_used_bytes", "memory.used", MIB),
    ("gpu_utilization", "utilization.gpu", 1), ("gpu_temperature_celsius", "temperature.gpu", 1),
    ("gpu_power_watts", "power.draw", 1), ("gpu_power_limit_watts", "power.limit", 1),
)
INFO = ("index", "uuid", "name", "pci.bus_id", "driver_version", "mig.mode.current")
PMON_FIGURES = (
    ("gpu_process_utilization", "sm"), ("gpu_process_memory_bandwidth_utilization", "mem"),
    ("gpu_process_encoder_utilization", "enc"), ("gpu_process_decoder_utilization", "dec"),
)
TABLE_ROW = re.compile(r"\|\s+(\d+)\s+(N/A|\d+)\s+(N/A|\d+)\s+(\d+)\s+([CGM+]+)\s+(\S.*?)\s+(\d+MiB|N/A)\s*\|")
TABLE_INSTANCE = re.compile(r"\|\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+\|\s+\d+MiB\s*/.*")
LIST_GPU = re.compile(r"GPU (\d+): .* \(UUID: (GPU-[0-9a-f-]+)\)")
LIST_INSTANCE = re.compile(r"\s+MIG (\S+)\s+Device\s+(\d+): \(UUID: (MIG-\S+)\)")
MPS_SERVER = "nvidia-cuda-mps-server"


def number(text):
    """The figure at the start of a field; None where there is none: `[N/A]`, `-`."""
    match = re.match(r"\s*(\d+(\.\d+)?)", text or "")
    return float(match[1]) if match else None


def rows(text):
    """The rows of a CSV answer by the names of its columns, units left out."""
    lines = list(csv.reader(text.splitlines(), skipinitialspace=True))
    header = [re.sub(r" \[.*\]$", "", name) for name in lines[0]] if lines else []
    return [dict(zip(header, line)) for line in lines[1:]]


def table_rows(text):
    """{(gpu label, PID): (type, name, MiB or None)} of the processes in nvidia-smi's own table."""
    found = {}
    for line in text.splitlines():
        if match := TABLE_ROW.fullmatch(line.strip()):
            gpu, instance, compute, pid, kind, name, memory = match.groups()
            label = gpu if instance == "N/A" else f"{gpu}_{instance}_{compute}"
            found[label, pid] = (kind, name, number(memory))
    return found


def pmon_rows(text):
    """{(gpu, PID): {column: figure or None}}; of several samples the first."""
    columns, found = [], {}
    for line in text.splitlines():
        if line.startswith("# gpu"):
            columns = line[1:].split()
        elif line.strip() and not line.startswith("#"):
            row = dict(zip(columns, line.split()))
            if row["pid"] != "-":
                found.setdefault((row["gpu"], row["pid"]), {name: number(value) for name, value in row.items()})
    return found


def instances(list_text, table):
    """{gpu label: (UUID, UUID of the GPU, profile)} of the MIG instances: which they are by -L, where they are by the table."""
    named, gpu = {}, None
    for line in list_text.splitlines():
        if match := LIST_GPU.match(line):
            gpu = match.groups()
        elif match := LIST_INSTANCE.match(line):
            named[gpu[0], match[2]] = (match[3], gpu[1], match[1])
    found = {}
    for line in table.splitlines():
        if match := TABLE_INSTANCE.fullmatch(line.strip()):
            gpu, instance, compute, number_on_gpu = match.groups()
            if (gpu, number_on_gpu) in named:
                found[f"{gpu}_{instance}_{compute}"] = named[gpu, number_on_gpu]
    return found


class Answers:
    """All that nvidia-smi said at one moment: {query: text}."""

    def __init__(self, texts):
        self.gpus = rows(texts["query-gpu"])
        self.apps = rows(texts["query-compute-apps"])
        self.names = {row["pid"]: row["process_name"] for row in rows(texts["names"]) if "process_name" in row}
        self.pmon = pmon_rows(texts["pmon"])
        self.instances = instances(texts.get("list", ""), texts["table"])
        self.processes = table_rows(texts["table"])

    def uuids(self):
        """{gpu label: UUID} of everything that a process can be on."""
        whole = {gpu["index"]: gpu["uuid"] for gpu in self.gpus if gpu.get("mig.mode.current") != "Enabled"}
        return whole | {label: uuid for label, (uuid, _, _) in self.instances.items()}

    def sessions(self):
        """The rows of the table that are sessions."""
        return {key: row for key, row in self.processes.items() if "C" in row[0].split("+") and row[1] != MPS_SERVER}

    def figures(self):
        """{(family, labels' values): figure} as the collector has to publish them."""
        found = {}
        for gpu in self.gpus:
            found["gpu_info", tuple(mode_or_none(gpu.get(name, "")) for name in INFO)] = 1
            for family, column, factor in GPU_FIGURES:
                found[family, (gpu["index"], gpu["uuid"])] = scaled(number(gpu.get(column)), factor)
        for (gpu, pid), row in self.pmon.items():
            for family, column in PMON_FIGURES:
                found[family, (gpu, pid)] = row.get(column)
        uuids = self.uuids()
        for (label, pid), (kind, _, memory) in self.sessions().items():
            found["gpu_process_info", (label, pid, kind, uuids.get(label, ""))] = 1
            found["gpu_process_memory_bytes", (label, pid)] = scaled(memory, MIB)
        for label in uuids:
            found["gpu_session_count", (label,)] = sum(other == label for other, _ in self.sessions())
        for label, (uuid, parent, profile) in self.instances.items():
            found["gpu_mig_info", (label, uuid, parent, profile)] = 1
        found["gpu_total_sessions", ()] = len(self.sessions())
        return {key: value for key, value in found.items() if value is not None}


def scaled(value, factor):
    return None if value is None else value * factor


def mode_or_none(text):
    """A label's value: what nvidia-smi does not know is empty."""
    return "" if re.fullmatch(r"\[?N/A\]?|\[.*\]", text) else text
