"""Whether a published file is right after a fault, given what a run without a fault publishes."""

from scene import exposition, show_agrees

FAMILY, family, published_health = show_agrees.FAMILY, exposition.family, show_agrees.published_health

# Of a pod whose names could not be found only the UID is left.
NAMES = ("pod", "namespace", "container")


def agrees(labels, full, without_cgroup):
    """Whether every label that has a value has the one it has without the fault."""
    for name, value in labels.items():
        if value in ("", full.get(name)) or (name == "pod" and value == "pod-" + full.get("pod_uid", "?")):
            continue
        # Without the cgroup the slice is not known, and the user is the one of the process: here they differ.
        if name == "user" and without_cgroup:
            continue
        # Without nvidia-smi's table the command is the kernel's name, which has 15 bytes at most.
        if name == "command" and value == full.get(name, "")[:15]:
            continue
        return False
    return True


def invented(expected, samples):
    """The samples that no run without a fault has, even with fewer labels; what a run says of itself apart."""
    complaints = []
    without_cgroup = published_health(samples)["problems"].get("cgroup_unreadable", 0) > 0
    for (name, labels), value in samples.items():
        if name.startswith(FAMILY) or name in ("gpu_session_count", "gpu_total_sessions", "gpu_device_readable"):
            continue
        if name == "gpu_process_defunct" and dict(labels)["reason"] == "gone":
            continue  # A fault may take a process away; `unsaid` sees to it that this is counted.
        full = family(expected, name)
        if not any(value == other and agrees(dict(labels), more, without_cgroup) for more, other in full):
            complaints.append(f"invented: {name} {sorted(labels)} {value}")
    return complaints


def rows(samples):
    """{gpu: the PIDs on it}, empty for an idle one, of every device that was read."""
    devices = {}
    for labels, _ in family(samples, "gpu_process_info"):
        pids = devices.setdefault(labels["gpu"], set())
        if labels["status"] == "active":
            pids.add(labels["pid"])
    return devices


def lost(expected, samples):
    """Devices that were read and have not the sessions that are on them; counts that are not those of the rows.

    A device that is not idle may lack the processes that the run counts as placed on no instance.
    """
    before, now, complaints = rows(expected), rows(samples), []
    unplaced = published_health(samples)["problems"].get("mig_unplaced", 0)
    for gpu, pids in now.items():
        missing = before.get(gpu, set()) - pids
        unplaced -= len(missing)
        if gpu not in before or pids - before[gpu] or (missing and (not pids or unplaced < 0)):
            complaints.append(f"on {gpu} there is {sorted(pids)}, not {sorted(before.get(gpu, ()))}")
    counts = {labels["gpu"]: value for labels, value in family(samples, "gpu_session_count")}
    if counts != {gpu: len(pids) for gpu, pids in now.items()}:
        complaints.append(f"counts {counts} of {now}")
    if [value for _, value in family(samples, "gpu_total_sessions")] != [sum(counts.values())]:
        complaints.append("the total is not the sum")
    if set(now) != set(before) and published_health(samples)["success"]:
        complaints.append(f"success without {sorted(set(before) - set(now))}")
    return complaints


def unsaid(expected, samples):
    """What differs although the run says of itself what it says without a fault."""
    if published_health(samples) != published_health(expected):
        return []
    def facts(of):
        return {key: value for key, value in of.items() if not key[0].endswith(("_seconds", "build_info"))}
    return ["a difference of which nothing is said"] if facts(samples) != facts(expected) else []


def complaints(expected, samples, status):
    """Everything that is wrong with a file that was published with that exit status."""
    if status == 1:
        rest = sorted({name for name, _ in samples if not name.startswith(FAMILY)})
        success = ["success although no device was read"] if published_health(samples)["success"] else []
        return success + ([f"no device was read, and yet {rest}"] if rest else [])
    return invented(expected, samples) + lost(expected, samples)
