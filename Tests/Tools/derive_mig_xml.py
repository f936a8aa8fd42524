#!/usr/bin/env python3
"""Transcribes the captured text of `nvidia-smi -q` into the elements of `nvidia-smi -q -x`.

usage: derive_mig_xml.py [--check]

No public `-q -x` document shows a process on a MIG instance, but the text of the same data does. This
writes Captures/h100-mig-590/q.derived.xml from q.txt beside it: every value is the capture's, the names
and the order of the elements are those of real documents (DTD v11 with MIG, v13 without).
--check writes nothing and exits 1 if the file differs.
"""

import pathlib
import sys
from xml.sax.saxutils import escape

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "Captures" / "h100-mig-590"

# element -> label in the text, or (label, children)
MEMORY = {"total": "Total", "reserved": "Reserved", "used": "Used", "free": "Free"}
BAR1 = {"total": "Total", "used": "Used", "free": "Free"}
MIG_DEVICE = {
    "index": "Index",
    "gpu_instance_id": "GPU Instance ID",
    "compute_instance_id": "Compute Instance ID",
    "device_attributes": ("Device Attributes", {
        "shared": ("Shared", {
            "multiprocessor_count": "Multiprocessor count",
            "copy_engine_count": "Copy Engine count",
            "encoder_count": "Encoder count",
            "decoder_count": "Decoder count",
            "ofa_count": "OFA count",
            "jpg_count": "JPG count",
        }),
    }),
    "ecc_error_count": ("ECC Errors", {
        "volatile_count": ("Volatile", {"sram_uncorrectable": "SRAM Uncorrectable"}),
    }),
    "fb_memory_usage": ("Shared FB Memory Usage", MEMORY),
    "bar1_memory_usage": ("Shared BAR1 Memory", BAR1),
}
GPU_HEAD = {
    "product_name": "Product Name",
    "product_brand": "Product Brand",
    "product_architecture": "Product Architecture",
    "persistence_mode": "Persistence Mode",
    "mig_mode": ("MIG Mode", {"current_mig": "Current", "pending_mig": "Pending"}),
}
GPU_TAIL = {
    "accounting_mode": "Accounting Mode",
    "accounting_mode_buffer_size": "Accounting Mode Buffer Size",
    "serial": "Serial Number",
    "uuid": "GPU UUID",
    "minor_number": "Minor Number",
    "fan_speed": "Fan Speed",
    "performance_state": "Performance State",
    "fb_memory_usage": ("FB Memory Usage", MEMORY),
    "bar1_memory_usage": ("BAR1 Memory Usage", BAR1),
    "cc_protected_memory_usage": ("Conf Compute Protected Memory Usage", BAR1),
    "compute_mode": "Compute Mode",
    "utilization": ("Utilization", {
        "gpu_util": "GPU",
        "memory_util": "Memory",
        "encoder_util": "Encoder",
        "decoder_util": "Decoder",
        "jpeg_util": "JPEG",
        "ofa_util": "OFA",
    }),
}
PROCESS = {
    "gpu_instance_id": "GPU instance ID",
    "compute_instance_id": "Compute instance ID",
    "pid": "Process ID",
    "type": "Type",
    "process_name": "Name",
    "used_memory": "Used GPU Memory",
}


class Item:
    """One line of the text: label, value (None for a heading), and the lines indented below it."""

    def __init__(self, label, value):
        self.label, self.value, self.below = label, value, []

    def all(self, label):
        return [item for item in self.below if item.label == label]

    def one(self, label):
        (item,) = self.all(label)
        return item


def parse(text):
    root = Item("", None)
    open_items = [(-1, root)]
    for line in text.splitlines():
        if not line.strip() or line.startswith("="):
            continue
        indent = len(line) - len(line.lstrip())
        label, colon, value = line.partition(" : ")
        item = Item(label.strip(), value.strip() if colon else None)
        while open_items[-1][0] >= indent:
            open_items.pop()
        open_items[-1][1].below.append(item)
        open_items.append((indent, item))
    return root


def elements(table, item, depth):
    lines = []
    tabs = "\t" * depth
    for name, source in table.items():
        if isinstance(source, str):
            lines.append(f"{tabs}<{name}>{escape(item.one(source).value)}</{name}>")
        else:
            label, children = source
            lines.append(f"{tabs}<{name}>")
            lines += elements(children, item.one(label), depth + 1)
            lines.append(f"{tabs}</{name}>")
    return lines


def processes(item):
    """In the text a process is three lines and, below the third, three more."""
    found = []
    for line in item.below:
        if line.label == "GPU instance ID":
            found.append({})
        found[-1][line.label] = line.value
        for detail in line.below:
            found[-1][detail.label] = detail.value
    return found


def derive(text):
    log = parse(text)
    lines = [
        '<?xml version="1.0" ?>',
        '<!DOCTYPE nvidia_smi_log SYSTEM "nvsmi_device_v13.dtd">',
        "<!-- derived from -q text by Tests/Tools/derive_mig_xml.py -->",
        "<nvidia_smi_log>",
    ]
    head = {
        "timestamp": "Timestamp",
        "driver_version": "Driver Version",
        "cuda_version": "CUDA Version",
        "attached_gpus": "Attached GPUs",
    }
    lines += elements(head, log, 1)
    for gpu in log.below:
        if not gpu.label.startswith("GPU "):
            continue
        lines.append(f'\t<gpu id="{gpu.label.removeprefix("GPU ")}">')
        lines += elements(GPU_HEAD, gpu, 2)
        lines.append("\t\t<mig_devices>")
        for device in gpu.all("MIG Device"):
            lines.append("\t\t\t<mig_device>")
            lines += elements(MIG_DEVICE, device, 4)
            lines.append("\t\t\t</mig_device>")
        lines.append("\t\t</mig_devices>")
        lines += elements(GPU_TAIL, gpu, 2)
        lines.append("\t\t<processes>")
        for process in processes(gpu.one("Processes")):
            lines.append("\t\t\t<process_info>")
            for name, label in PROCESS.items():
                lines.append(f"\t\t\t\t<{name}>{escape(process[label])}</{name}>")
            lines.append("\t\t\t</process_info>")
        lines += ["\t\t</processes>", "\t\t<accounted_processes>", "\t\t</accounted_processes>", "\t</gpu>", ""]
    lines.append("</nvidia_smi_log>")
    return "\n".join(lines) + "\n"


def main():
    if sys.argv[1:] not in ([], ["--check"]):
        sys.exit(__doc__)
    derived = derive((FOLDER / "q.txt").read_text(encoding="utf-8")).encode()
    target = FOLDER / "q.derived.xml"
    if sys.argv[1:] != ["--check"]:
        target.write_bytes(derived)
    elif not target.exists() or target.read_bytes() != derived:
        print(f"{target.name} is not what derive_mig_xml.py makes of q.txt", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
