"""A published file against nvidia-smi's own answers, asked for before and after the collector ran."""

import pathlib
import re

from smi_answers import MIB, MPS_SERVER

# The labels of each family that identify its figures in the answers.
KEYS = {
    "gpu_info": ("gpu", "uuid", "name", "pci_bus_id", "driver_version", "mig_mode"),
    "gpu_process_info": ("gpu", "pid", "type", "uuid"),
    "gpu_mig_info": ("gpu", "uuid", "gpu_uuid", "profile"),
    "gpu_session_count": ("gpu",),
    "gpu_total_sessions": (),
} | {family: ("gpu", "uuid") for family in (
    "gpu_memory_total_bytes", "gpu_memory_used_bytes", "gpu_utilization", "gpu_temperature_celsius", "gpu_power_watts",
    "gpu_power_limit_watts")
} | {family: ("gpu", "pid") for family in (
    "gpu_process_memory_bytes", "gpu_process_utilization", "gpu_process_memory_bandwidth_utilization",
    "gpu_process_encoder_utilization", "gpu_process_decoder_utilization")}
# How far a figure may be from the two that were read: the collector read it at another moment.
SLACK = {
    "gpu_utilization": 20, "gpu_process_utilization": 30, "gpu_process_memory_bandwidth_utilization": 30,
    "gpu_process_encoder_utilization": 30, "gpu_process_decoder_utilization": 30, "gpu_temperature_celsius": 5,
    "gpu_power_watts": 100, "gpu_memory_used_bytes": 64 * MIB,
}
# pmon reports these for what did something in its sample: there may be one at one moment and none at the next.
SOMETIMES = {family for family in SLACK if family.startswith("gpu_process_")}


def published(samples):
    """{(family, labels' values): figure} of a published file, by the labels that nvidia-smi knows."""
    found = {}
    for (family, pairs), value in samples.items():
        labels = dict(pairs)
        is_session = family != "gpu_process_info" or labels["status"] == "active"
        if family in KEYS and is_session and labels.get("command") != MPS_SERVER:
            found[family, tuple(labels.get(name, "") for name in KEYS[family])] = value
    return found


def kernel_name(pid):
    """What the kernel calls the process; empty where there is none."""
    try:
        return pathlib.Path("/proc", pid, "comm").read_text(encoding="utf-8", errors="replace").rstrip("\n")
    except OSError:
        return ""


def possible_commands(title, is_cut, pid):
    """What may be published of a process with this title: its program, and the kernel's name if the table cuts the title."""
    program = re.split(r" [-/]", title)[0].rpartition("/")[2]
    return {program, program.split(" ")[0]} | ({kernel_name(pid)} if is_cut else set())


def command_complaints(answers, samples):
    """Commands that are not the name of the program, where nvidia-smi has one."""
    complaints = []
    cut = {pid for (_, pid), (_, name, _) in answers.processes.items() if name.startswith("...")}
    for (family, pairs), _ in samples.items():
        labels = dict(pairs)
        title = answers.names.get(labels.get("pid"), "")
        if family == "gpu_process_info" and title and not title.startswith("["):
            wanted, found = possible_commands(title, labels["pid"] in cut, labels["pid"]), labels.get("command", "")
            if found not in wanted:
                complaints.append(f"command of {labels['pid']}: {found!r}, nvidia-smi has {title!r}")
    return complaints


def app_complaints(answers, samples):
    """Processes and memory of the CSV, which names the parent of a MIG instance, not the instance."""
    parents = {row["index"]: row["uuid"] for row in answers.gpus}
    held = {}
    for (family, key), value in published(samples).items():
        if family == "gpu_process_memory_bytes":
            place = (parents.get(key[0].partition("_")[0]), key[1])
            held[place] = held.get(place, 0) + value
    listed = {(row["gpu_uuid"], row["pid"]): row["used_gpu_memory"] for row in answers.apps
              if answers.names.get(row["pid"]) != MPS_SERVER}
    return [f"compute-apps has {memory} for {pid} on {uuid}, published: {held.get((uuid, pid))}"
            for (uuid, pid), memory in listed.items()
            if memory.endswith(" MiB") and held.get((uuid, pid)) != int(memory.split()[0]) * MIB]


def complaints(before, after, samples):
    """Every figure that lies outside of what nvidia-smi said before and after, is missing, or is invented."""
    first, last, found = before.figures(), after.figures(), published(samples)
    wrong = []
    for key in first.keys() & last.keys():
        family, slack = key[0], SLACK.get(key[0], 0)
        low, high = sorted((first[key], last[key]))
        if key not in found:
            if family not in SOMETIMES:
                wrong.append(f"{family} {key[1]}: nvidia-smi has {low}, not published")
        elif not low - slack <= found[key] <= high + slack:
            wrong.append(f"{family} {key[1]}: {found[key]} published, nvidia-smi has {low} to {high}")
    wrong += [f"{family} {key}: published, and nvidia-smi has none" for family, key in found.keys() - first.keys() - last.keys()
              if family not in SOMETIMES]
    if before.apps == after.apps:
        wrong += app_complaints(after, samples)
    return sorted(wrong + command_complaints(after, samples))
