#!/usr/bin/env python3
"""Checks on nodes of up to 8,000 processes that each is attributed, and what that costs.

Under strace: no file is opened twice, no directory listed twice, nothing is looked up in vain, and every process costs
the same number of system calls. CPU time is compared with that of an eighth of the work, never with a clock: what is
quadratic takes 64 times as long, not 8.
"""

import argparse
import os
import pathlib
import re
import shutil
import sys
import tempfile

import fixtures
import scale_model
import scale_node
import strace
from exposition import family
from scale_run import FAST, Node

# Eight times the work may take so many times as long. Something quadratic that takes 6 % of the small run's time fails.
LARGEST_RATIO = 11


def expected_in_proc(listed):
    """What is to be opened below /proc: a container's monitor only where neither /var/log nor a bundle names it."""
    paths = {"self/ns/pid", "uptime", "stat", "1/cgroup"}
    for process in listed:
        # Outside of containers the user is the one of the slice, so that `status` is not needed.
        paths |= {f"{process.pid}{name}" for name in ("", "/stat", "/cgroup")}
        container = process.container
        if container and container.named_by == "conmon":
            paths |= {f"{container.monitor}{name}" for name in ("", "/stat", "/cgroup", "/status", "/cmdline")}
        if container and container.named_by == "nothing":
            paths.add(f"{container.monitor}")
    return paths


def below(paths, directory):
    """Those below the directory, by their names there."""
    return {path.removeprefix(f"{directory}/") for path in paths if path.startswith(f"{directory}/")}


def few(paths):
    """Some of many, for a message."""
    paths = sorted(paths)
    return ", ".join(paths[:5]) + (f" and {len(paths) - 5} more" if len(paths) > 5 else "")


def repetition_complaints(trace):
    """What was opened or read to its end more than once."""
    complaints = []
    for what, counts in (("opened", trace.opened), ("read or listed to the end", trace.ended)):
        # The lock file is looked for, and made if there is none.
        twice = [path for path, count in counts.items() if count > 1 and not path.endswith(".lock")]
        complaints += [f"{what} more than once: {few(twice)}"] if twice else []
    return complaints


def difference(what, expected, found):
    """What was not opened although it was to be, and the other way round."""
    return [f"{what}: {word}: {few(paths)}" for word, paths in
            (("not opened", expected - found), ("opened in vain", found - expected)) if paths]


def trace_complaints(node, trace):
    """What was opened or listed twice or in vain."""
    opened, containers = set(trace.opened), [process.container for process in node.listed if process.container]
    # The runtime's files are asked first about every container: /var/log may be a workload's.
    needed = {container.id for container in containers}
    sought = opened | trace.missing
    in_runtimes = below(sought, node.root / "run") | below(sought, node.root / "var/lib")
    asked = {name for path in in_runtimes for name in re.findall(r"[0-9a-f]{64}", path)}
    passwd = {"passwd"} if len(containers) < len(node.listed) else set()
    return (
        repetition_complaints(trace)
        + difference("in /proc", expected_in_proc(node.listed), below(opened, node.root / "proc"))
        + difference("containers in files of runtimes", needed, asked)
        + difference("users", passwd, below(opened, node.root / "etc")))


def info(device, process):
    """The labels of gpu_process_info that this process must have there."""
    labels = process.owner() | {
        "gpu": device.label, "pid": str(process.pid), "command": process.command, "status": "active",
        "gpu_memory": f"{process.memory}MiB", "uuid": device.uuid, "type": "C"}
    return {name: value for name, value in labels.items() if value}


def session_complaints(samples, placed):
    """Sessions that are missing, made up or somebody else's."""
    found = {(labels["gpu"], labels.get("pid")): labels for labels, _ in family(samples, "gpu_process_info")}
    expected = {key: info(*pair) for key, pair in placed.items()}
    wrong = [f"{key}: {found.get(key)} instead of {expected.get(key)}"
             for key in sorted(expected.keys() | found.keys()) if found.get(key) != expected.get(key)]
    return [f"{len(wrong)} sessions differ: {wrong[0]}"] if wrong else []


def holders(node):
    """[(pod UID, pod, container)] as they are to be published for the pods, each of which holds a device.

    Names come from /var/log, or from the runtime of a container that has a process; else the UID stands for them.
    """
    running = {process.container.pod_index for process in node.listed if process.container}
    rows = []
    for container in (scale_model.Container(pod, 0) for pod in range(node.pods)):
        by_runtime = container.named_by != "nothing" and container.pod_index in running
        pod = container.pod if container.named_by == "log" or by_runtime else f"pod-{container.pod_uid}"
        rows.append((container.pod_uid, pod, container.name))
    return sorted(rows)


def content_complaints(node):
    """What one run publishes that is not so."""
    samples, expected = node.published(), holders(node)
    complaints = session_complaints(samples, node.placed)
    rows = sorted((labels["pod_uid"], labels["pod"], labels["container"])
                  for labels, _ in family(samples, "gpu_allocation_info"))
    if rows != expected:
        complaints.append(f"allocations differ: {few(map(str, set(rows) ^ set(expected)))}")
    problems = {labels["kind"]: value for labels, value in family(samples, "gpu_session_collector_problems") if value}
    unnamed = sum(process.container is not None and not process.owner()["container"] for _, process in node.placed.values())
    pods = sum(pod.startswith("pod-") for _, pod, _ in expected)
    if problems != {"container_name_unknown": unnamed, "pod_name_unknown": pods}:
        complaints.append(f"problems {problems}")
    if family(samples, "gpu_session_collector_success") != [({}, 1)]:
        complaints.append("no success")
    return complaints


def linear_complaints(counts):
    """Whether twice as many processes more cost twice as many system calls more, to the very call."""
    (small, first), (middle, second), (large, third) = sorted(counts.items())
    print(f"system calls on files: {first}, {second}, {third} for {small}, {middle}, {large} processes")
    is_linear = (third - second) * (middle - small) == (second - first) * (large - middle)
    return [] if is_linear else ["system calls do not grow in step with processes"]


def growth_complaints(small, large):
    """Whether eight times the work takes far more than eight times the CPU time; a busy machine may try again."""
    for _ in range(3):
        ratio = large.cpu(3) / small.cpu(5)
        print(f"{large.directory.name}: {ratio:.1f} times the CPU time for 8 times the work")
        if ratio < LARGEST_RATIO:
            return []
    return [f"more than {LARGEST_RATIO} times the CPU time for 8 times the work"]


def memory():
    """A file system in memory if there is room: a disk takes long to make so many files. None means wherever."""
    shared = "/dev/shm"
    has_room = os.access(shared, os.W_OK) and shutil.disk_usage(shared).free > 512 << 20
    return shared if has_room else None


def all_complaints(executable, directory):
    """(check, complaints) of all checks in turn."""
    listed = scale_model.processes(1_000)
    scale_node.write_root(directory / "small", listed)
    whole, instances = scale_model.devices(), scale_model.devices(instances=7)

    def node(name, some, on=whole):
        return Node(directory / name, executable, directory / "small", some, on, 500)

    one = node("8 GPUs", listed)
    mig = node("56 instances", [process for process in listed if process.container][:500], instances)
    yield "attribution on 8 GPUs", content_complaints(one)
    yield "attribution on 56 instances", content_complaints(mig)
    reason = strace.why_not(*FAST)
    if reason is None:
        trace = one.trace()
        yield "files on 8 GPUs", trace_complaints(one, trace)
        yield "files on 56 instances", trace_complaints(mig, mig.trace())
        fewer = {count: node(f"{count} processes", listed[:count]).trace().count for count in (250, 500)}
        yield "system calls on 8 GPUs", linear_complaints(fewer | {1_000: trace.count})
    else:
        print(f"scale.py: skipped what was opened and how often: {reason}")
    many = scale_model.processes(8_000, pods=4_000)
    scale_node.write_root(directory / "large", many, 4_000, 16_000)
    large = Node(directory / "8 GPUs, processes", executable, directory / "large", many, whole, 4_000)
    yield "growth on 8 GPUs", growth_complaints(one, large)
    # Of processes that /proc no longer has little is read: with more of them, what compares them in pairs stands out.
    scale_node.write_root(directory / "empty", [], 20, 20)
    for name, on in ("8 GPUs, lists", whole), ("7 instances, lists", scale_model.devices(1, 7)):
        small, large = (
            Node(directory / f"{name} of {count}", executable, directory / "empty", scale_model.processes(count), on,
                 20) for count in (3_000, 24_000))
        yield f"growth on {name}", growth_complaints(small, large)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    executable = fixtures.parse(parser, "release", "make build").executable
    if shutil.which("strace") is None:
        sys.exit("scale.py: strace is missing: run Tests/Tools/setup.sh")
    failed = 0
    with tempfile.TemporaryDirectory(dir=memory()) as directory:
        for check, complaints in all_complaints(executable, pathlib.Path(directory).resolve()):
            for complaint in complaints:
                print(f"{check}: {complaint}")
            failed += bool(complaints)
    print(f"scale: {'failed' if failed else 'passed'}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
