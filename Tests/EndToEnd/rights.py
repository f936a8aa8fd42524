"""What a running container may do, as the kernel has it, compared with what its pod's spec says."""

import pathlib
import re

import podspec

CAPABILITIES = ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")
# What every container of containerd has of its own, however it is made.
OWN = ("/proc", "/dev", "/dev/pts", "/dev/shm", "/dev/mqueue", "/sys", "/etc/resolv.conf", "/etc/hostname", "/etc/hosts")
WRITABLE_BELOW = re.compile(r"/host/sys/fs/cgroup/.|/host/run/.*/io\.containerd\.runtime\.v2\.task/k8s\.io/[0-9a-f]{64}/rootfs\b")
SECCOMP_ACTIONS = pathlib.Path("/proc/sys/kernel/seccomp/actions_avail")


def status(pid):
    """/proc/PID/status as {name: text}."""
    lines = pathlib.Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return {name: text.strip() for name, _, text in (line.partition(":") for line in lines)}


def mount_points(pid):
    """{path: (options, source)} of everything that is mounted where the process is."""
    found = {}
    for line in pathlib.Path(f"/proc/{pid}/mountinfo").read_text(encoding="utf-8").splitlines():
        _, _, _, source, path, options, *_ = line.split()
        found[path] = (options.split(","), source)
    return found


def expected_status(container):
    """What the chart's security context means in /proc/PID/status."""
    context = container["securityContext"]
    user, group = context["runAsUser"], context["runAsGroup"]
    expected = {"Uid": "\t".join([str(user)] * 4), "Gid": "\t".join([str(group)] * 4)}
    if context["capabilities"] == {"drop": ["ALL"]}:
        expected |= dict.fromkeys(CAPABILITIES, "0" * 16)
    if context["allowPrivilegeEscalation"] is False:
        expected["NoNewPrivs"] = "1"
    if context["seccompProfile"] and SECCOMP_ACTIONS.exists():
        expected["Seccomp"] = "2"
    return expected


def status_complaints(who, pid, container):
    """Where the process may do other things than the container's security context lets it."""
    expected, actual = expected_status(container), status(pid)
    # A default other than the chart's would make the comparison one with nothing.
    missing = {"CapEff", "NoNewPrivs", "Uid"} - set(expected)
    complaints = [f"{who}: the chart says nothing about {name}" for name in sorted(missing)]
    return complaints + [
        f"{who}: {name} is {actual[name]!r}, not {value!r}" for name, value in expected.items() if actual[name] != value]


def mount_complaints(pid, spec, injected):
    """Mounts that the manifest does not have, lacks, or has with other options; and a root that can be written."""
    found = mount_points(pid)
    wanted = {mount["mountPath"]: mount.get("readOnly", False) for mount in spec["containers"][0]["volumeMounts"]}
    wanted |= {path: True for path in injected}
    complaints = [] if "ro" in found["/"][0] else ["the root can be written"]
    for path, read_only in wanted.items():
        if path not in found:
            complaints.append(f"{path} is not mounted")
        elif ("ro" in found[path][0]) != read_only:
            complaints.append(f"{path} is mounted {found[path][0]}")
    # What lies below a mount of the node came with it: the hierarchies below /sys/fs/cgroup.
    theirs = [*wanted, "/proc", "/sys"]
    others = [path for path in found if path not in ("/", *OWN) and not any(
        path == top or path.startswith(f"{top}/") for top in theirs)]
    return complaints + [f"{path} is mounted, and not in the manifest" for path in others]


def write_complaints(pid, recursive):
    """What the container could write to, beside the textfile directory, though it is mounted read-only.

    Read-only is a mount without those below it where the runtime does not know `recursiveReadOnly`: there uid 0 can write
    to hierarchies of cgroup version 1 and, below containerd's tasks, to the roots of containers.
    """
    found = mount_points(pid)
    below = [path for path in found if WRITABLE_BELOW.match(path)]
    writable = [path for path, (options, _) in found.items() if path.startswith("/host/") and "rw" in options]
    # With none of them nothing is shown about them.
    complaints = [] if below else ["nothing is mounted below what is read"]
    return complaints + [f"{path} can be written" for path in writable if recursive or path not in below]


def namespace_complaints(pid, spec):
    """A PID namespace other than the node's where hostPID is set; a mount namespace that is the node's."""
    shared = {name: same_namespace(pid, name) for name in ("pid", "mnt", "ipc")}
    expected = {"pid": spec.get("hostPID", False), "mnt": False, "ipc": False}
    return [f"namespace {name}: shared is {shared[name]}" for name in expected if shared[name] != expected[name]]


def same_namespace(pid, name):
    return pathlib.Path(f"/proc/{pid}/ns/{name}").readlink() == pathlib.Path(f"/proc/self/ns/{name}").readlink()


def complaints(pid, child, spec, injected, recursive):
    """
    Everything that the collector's container could do and should not, and what its nvidia-smi could. `recursive`: the
    runtime knows recursively read-only mounts.
    """
    (container,) = spec["containers"]
    podspec.only_known("container", container)
    found = status_complaints("collector", pid, container) + status_complaints("nvidia-smi", child, container)
    return found + mount_complaints(pid, spec, injected) + write_complaints(pid, recursive) + namespace_complaints(pid, spec)
