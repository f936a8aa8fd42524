#!/usr/bin/env python3
"""Checks on every node in Fixtures/nodes that `show --json` and the published file say the same.

The object is read with a parser that knows nothing of this project, and its keys are those that scripts rely on.
"""

import argparse
import json
import subprocess

import checked
import exposition
import fixtures
from exposition import family

TOP = ["devices", "sessions", "allocations", "problems", "collector"]
SESSION = (
    "gpu uuid pid command type status memory_bytes utilization memory_utilization start_time pod namespace container"
    " pod_uid container_id runtime user unit slurm_job_id"
).split()
DEVICE = (
    "gpu uuid name gpu_uuid pci_bus_id profile memory_total_bytes memory_used_bytes utilization sm_utilization"
    " memory_bandwidth_utilization compute_mode recovery_action clocks_idle sessions status"
).split()
COLLECTOR = ["success", "version", "last_run_timestamp_seconds", "stages", "failure", "reason"]
# Labels of gpu_process_info that are keys of a session under the same name.
LABELS = ["gpu", "uuid", "command", "type", "status", "pod", "namespace", "container", "pod_uid"]
LATER = ["user", "unit", "slurm_job_id"]
FIGURES = {
    "gpu_process_memory_bytes": "memory_bytes",
    "gpu_process_utilization": "utilization",
    "gpu_process_memory_utilization": "memory_utilization",
    "gpu_process_start_time_seconds": "start_time",
}
# Of GPUs, and of MIG instances.
UTILIZATION = {
    "gpu_utilization": "utilization",
    "gpu_mig_utilization": "utilization",
    "gpu_mig_sm_utilization": "sm_utilization",
    "gpu_mig_memory_bandwidth_utilization": "memory_bandwidth_utilization",
}
FACTS = ["compute_mode", "recovery_action", "clocks_idle", *dict.fromkeys(UTILIZATION.values())]
# Options of `collect` that `show` does not have, with the number of their values.
COLLECT_ONLY = {"--output": 1, "--label": 1, "--interval": 1, "--for": 1, "--no-memory-label": 0}
FAMILY = "gpu_session_collector_"


def run_show(executable, node, *options, environment=None):
    """One run of `show` on a node."""
    arguments = fixtures.read(fixtures.ROOT / node / "arguments").decode().splitlines()
    return subprocess.run(
        [str(executable), "show", "--nvidia-smi", "Fixtures/bin/nvidia-smi", "--host-root", f"{node}/root",
         *options, *checked.without(arguments, COLLECT_ONLY)],
        cwd=fixtures.ROOT, env=environment or fixtures.environment(node), stdin=subprocess.DEVNULL,
        capture_output=True, timeout=fixtures.LIMIT_SECONDS, check=False,
    )


def duplicates_refused(pairs):
    """A dictionary of the members; a key twice is an error."""
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a key twice")
    return dict(pairs)


def shape_complaints(shown):
    """Keys that are missing or strange, and texts that are empty where null is meant."""
    complaints = []
    if list(shown) != TOP:
        complaints.append(f"keys {list(shown)}")
    for name, keys in (("devices", DEVICE), ("sessions", SESSION)):
        for row in shown[name]:
            if list(row) != keys:
                complaints.append(f"{name}: keys {list(row)}")
            if "" in row.values():
                complaints.append(f"{name}: an empty text in {row}")
    if list(shown["collector"]) != COLLECTOR:
        complaints.append(f"collector: keys {list(shown['collector'])}")
    return complaints


def published_sessions(samples):
    """{(gpu, pid): facts} of the published file, in the words of the object; what is absent is None."""
    sessions = {}
    for labels, _ in family(samples, "gpu_process_info"):
        if labels["status"] != "idle":
            facts = {name: labels.get(name) for name in LABELS + LATER}
            sessions[labels["gpu"], labels["pid"]] = facts | {key: None for key in FIGURES.values()}
    for name, key in FIGURES.items():
        for labels, value in family(samples, name):
            sessions[labels["gpu"], labels["pid"]][key] = value
    return sessions


def shown_sessions(shown):
    """The same of the object."""
    keys = LABELS + LATER + list(FIGURES.values())
    return {(row["gpu"], str(row["pid"])): {key: row[key] for key in keys} for row in shown["sessions"]}


def published_devices(samples):
    """{gpu: (sessions, status)} of the published file."""
    devices = {labels["gpu"]: (int(value), "active" if value else "idle")
               for labels, value in family(samples, "gpu_session_count")}
    for labels, value in family(samples, "gpu_device_readable"):
        if value == 0:
            devices[labels.get("gpu")] = (None, "unreadable")
    # A device that was read and has no count may have a session that is not known.
    whole = [labels for labels, _ in family(samples, "gpu_info") if labels.get("mig_mode") != "Enabled"]
    for labels in whole + [labels for labels, _ in family(samples, "gpu_mig_info")]:
        devices.setdefault(labels["gpu"], (None, "unknown"))
    return devices


def shown_devices(shown):
    """The same of the object."""
    return {row["gpu"]: (row["sessions"], row["status"]) for row in shown["devices"]}


def published_facts(samples):
    """{gpu: facts} of the published file, of its GPUs and MIG instances; what is absent is None.

    An instance has the facts of its physical GPU too."""
    physical = {labels["uuid"]: {"compute_mode": labels.get("compute_mode") or None}
                for labels, _ in family(samples, "gpu_info")}
    for labels, _ in family(samples, "gpu_recovery_action"):
        physical[labels["uuid"]]["recovery_action"] = labels["action"]
    for labels, value in family(samples, "gpu_clocks_idle"):
        physical[labels["uuid"]]["clocks_idle"] = value == 1
    facts = {labels["gpu"]: dict(physical[labels["uuid"]]) for labels, _ in family(samples, "gpu_info")}
    facts |= {labels["gpu"]: dict(physical[labels["gpu_uuid"]]) for labels, _ in family(samples, "gpu_mig_info")}
    for name, key in UTILIZATION.items():
        for labels, value in family(samples, name):
            facts[labels["gpu"]][key] = value
    return {gpu: {key: row.get(key) for key in FACTS} for gpu, row in facts.items()}


def shown_facts(shown):
    """The same of the object."""
    return {row["gpu"]: {key: row[key] for key in FACTS} for row in shown["devices"]}


def in_both(first, second):
    """Two dictionaries without the keys that one of them lacks."""
    return tuple({key: facts[key] for key in first.keys() & second.keys()} for facts in (first, second))


def published_health(samples):
    """What the published file says of the run itself."""
    return {
        "success": family(samples, FAMILY + "success")[0][1] == 1,
        "version": family(samples, FAMILY + "build_info")[0][0]["version"],
        "stages": {labels["stage"]: value == 1 for labels, value in family(samples, FAMILY + "stage_success")},
        "problems": {labels["kind"]: int(value) for labels, value in family(samples, FAMILY + "problems") if value},
    }


def shown_health(shown):
    """The same of the object."""
    return {
        "success": shown["collector"]["success"],
        "version": shown["collector"]["version"],
        "stages": {row["stage"]: row["success"] for row in shown["collector"]["stages"]},
        "problems": {row["kind"]: row["count"] for row in shown["problems"]},
    }


def allocations(samples):
    """The published allocations, as (labels, replicas)."""
    rows = family(samples, "gpu_allocation_info")
    return sorted((sorted(labels.items()), value) for labels, value in rows)


def shown_allocations(shown):
    """The same of the object: its elements have the labels as keys, and `replicas`."""
    rows = [dict(row) for row in shown["allocations"]]
    return sorted(
        (sorted((key, value) for key, value in row.items() if value is not None), replicas)
        for replicas, row in ((row.pop("replicas"), row) for row in rows)
    )


def complaints_of(executable, node):
    """Everything that the two say differently on one node."""
    published, done = fixtures.Run(executable, node), run_show(executable, node, "--json")
    complaints = []
    if (done.returncode, done.stderr) != (published.status, published.stderr):
        complaints.append(f"exit status and stderr {done.returncode} {done.stderr}, collect: {published.status}")
    try:
        shown = json.loads(done.stdout.decode("utf-8"), object_pairs_hook=duplicates_refused)
    except ValueError as error:
        return complaints + [f"no JSON: {error}"]
    samples = exposition.parse(published.published)
    complaints += shape_complaints(shown)
    if (shown["collector"]["failure"] is None) != (published.status == 0):
        complaints.append(f"failure {shown['collector']['failure']!r}, exit status {published.status}")
    if shown["collector"]["reason"] is not None and shown["collector"]["success"]:
        complaints.append(f"reason {shown['collector']['reason']!r} of a whole success")
    # A GPU in MIG mode is no element of the object, and a GPU that is lost may have no sample.
    facts = in_both(published_facts(samples), shown_facts(shown))
    pairs = (
        ("facts", *facts),
        ("sessions", published_sessions(samples), shown_sessions(shown)),
        ("devices", published_devices(samples), shown_devices(shown)),
        ("run", published_health(samples), shown_health(shown)),
        ("allocations", allocations(samples), shown_allocations(shown)),
    )
    for name, expected, actual in pairs:
        if expected != actual:
            complaints.append(f"{name} differ\n  published: {expected}\n  shown:     {actual}")
    return complaints


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    executable = fixtures.parse(parser, "debug", "swift build").executable
    nodes = sorted(path for path in fixtures.NODES.iterdir() if path.is_dir())
    fixtures.judge(nodes, lambda node: complaints_of(executable, node))


if __name__ == "__main__":
    main()
