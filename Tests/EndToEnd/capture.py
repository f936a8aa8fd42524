"""A node for Fixtures/nodes, recorded from this machine and masked: what nvidia-smi answered, and the files that were read."""

import os
import pathlib
import re
import secrets
import socket

import masking
from smi_answers import RECORDED

STATUS = re.compile(r"^(?:Uid|NSpid):.*\n", re.MULTILINE)
POD_UID = re.compile(r"pod([0-9a-f]{8}[-_](?:[0-9a-f]{4}[-_]){3}[0-9a-f]{12})")
# Files of a process, and what of them: all, or the lines that the collector reads.
PROCESS_FILES = {"stat": None, "cgroup": None, "status": STATUS}
MACHINE_FILES = {"2/stat": None, "uptime": None, "stat": re.compile(r"^btime .*\n", re.MULTILINE)}


def kept(path, lines):
    """The text of a file, or of it the lines that are wanted; None where it cannot be read."""
    try:
        text = path.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return None
    return text if lines is None else "".join(lines.findall(text))


def node_files(pids, root):
    """{path below root/: text} of the node for these processes."""
    found = {}
    wanted = {f"{pid}/{name}": lines for pid in pids for name, lines in PROCESS_FILES.items()} | MACHINE_FILES
    for name, lines in wanted.items():
        text = kept(root / "proc" / name, lines)
        if text is not None:
            found[f"proc/{name}"] = text
    return found | log_files(found, root)


def log_files(files, root):
    """The log directories of the pods that these processes are in, as files without contents."""
    uids = {uid.replace("_", "-") for name, text in files.items() if name.endswith("cgroup") for uid in POD_UID.findall(text)}
    directory = root / "var/log/pods"
    pods = [path for path in directory.iterdir() if path.name[-36:] in uids] if directory.is_dir() else []
    return {f"var/log/pods/{pod.name}/{container.name}/0.log": "" for pod in pods for container in pod.iterdir()}


def pod_words(files):
    """Names of namespaces and pods among the paths: they are somebody's own."""
    names = [name.split("/")[3] for name in files if name.startswith("var/log/pods/")]
    return {word for name in names for word in name.split("_")[:2]}


def write(directory, texts, pids, origin, root=pathlib.Path("/"), mask=None):
    """Makes the directory; returns it. `texts` is what nvidia-smi answered, {query: text}."""
    files = node_files(pids, root)
    mask = mask or masking.Mask(secrets.token_bytes(32), {socket.gethostname(), os.uname().nodename})
    mask.add_words(pod_words(files))
    files = {f"root/{name}": text for name, text in files.items()}
    files |= {f"nvidia-smi/{query}.stdout": texts[query] for query in RECORDED if query in texts}
    for name, text in files.items():
        path = directory / mask.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(mask.text(text), encoding="utf-8", errors="surrogateescape")
    namespace = directory / "root/proc/self/ns/pid"
    namespace.parent.mkdir(parents=True)
    namespace.symlink_to(os.readlink(root / "proc/self/ns/pid"))
    (directory / "ORIGIN").write_text(mask.text(origin), encoding="utf-8")
    return directory
