#!/usr/bin/env python3
"""Writes a corpus for each fuzz target: what the fixtures, captures and vectors have for it, and inputs that failed.

Usage: corpus.py DIRECTORY      DIRECTORY/TARGET/ is filled with files named by their content.
"""

import hashlib
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
NODES = ROOT / "Fixtures/nodes"
CAPTURES = ROOT / "Tests/Captures"
CRASHES = ROOT / "Tests/Fuzz/Crashes"
# By target: patterns below a node, and below a capture.
PLACES = {
    "gpus": (["nvidia-smi/query-gpu.std*", "nvidia-smi/all.std*"], ["query-gpu.*"]),
    "apps": (["nvidia-smi/query-compute-apps.std*", "nvidia-smi/all.std*"], ["compute-apps.*"]),
    "pmon": (["nvidia-smi/pmon*.std*"], ["pmon.*"]),
    "dmon": (["nvidia-smi/dmon.std*"], ["*.m-plain.*", "*.dm-plain.*"]),
    "list": (["nvidia-smi/list.std*"], ["list.txt"]),
    "table": (["nvidia-smi/table.std*", "nvidia-smi/all.std*"], ["table*.txt", "[0-9]*.txt"]),
    "cgroup": (["root/proc/*/cgroup"], []),
    "stat": (["root/proc/*/stat"], []),
    "status": (["root/proc/*/status"], []),
    "passwd": (["root/etc/passwd"], []),
    "conmon": (["root/proc/*/cmdline"], []),
    "checkpoint": (["root/var/lib/kubelet/device-plugins/kubelet_internal_checkpoint"], []),
    "dra": (["root/var/lib/kubelet/dra_manager_state", "root/var/lib/kubelet/plugins/*/checkpoint.json"], []),
    "identifiers": (["root/proc/*/cmdline", "root/proc/driver/nvidia/gpus/*/information"], []),
    "oci": (["root/run/**/config.json", "root/var/lib/containers/**/config.json"], []),
    "docker": (["root/var/lib/docker/containers/*/config.v2.json"], []),
    "published": (["expected.prom"], []),
    "json": (["root/var/lib/**/*.json", "root/run/**/*.json", "root/var/lib/kubelet/d*/*checkpoint",
              "root/var/lib/kubelet/dra_manager_state"], []),
}
# A name that imitates a row of nvidia-smi's table.
FORGED = b"|    3    9    9   666   G |"


def table_rows(*names):
    """Processes with these names, as the target reads them: eight bytes and the name."""
    return b"".join(bytes([len(name), place, 2 * place + 1, 4, place, place, 1, 0]) + name
                    for place, name in enumerate(names))


# What other processes of the node of the target `interference` have: a pod's log directory and the link to its container.
VICTIM = b"llm-7d9c5b6f4-x2kqp", b"prod", b"59cc78f6-5001-40fb-a21a-7c9047efa4d2"
VICTIM_LINK = b"%s_%s_other-" % VICTIM[:2] + b"b2" * 32 + b".log"


def chosen(shape, title=b"python3", comm=b"python3", cgroup=b"", *pairs):
    """The texts that a process chooses, as the target `interference` reads them."""
    return bytes([shape]) + b"\0".join([title, comm, cgroup, *(text for pair in pairs for text in pair)])


def chosen_texts():
    """Texts with which a process might try to change what is published of others, on each form of the node."""
    target = b"/var/log/pods/lab_renamed_" + VICTIM[2] + b"/main/0.log"
    for shape in range(8):
        yield chosen(shape, b"/usr/bin/python3", b"python3", b"/a/b")
        yield chosen(shape, b"x\n|    1    1    0   3002      M+C ", b"a) Z 1 (\n b")
        yield chosen(shape, b"\n|    2  N/A  N/A   77  C", b"conmon", b"/kubepods/pod" + VICTIM[2])
        yield chosen(shape, b"/\n0 3001 C 99 9", b"nvidia-cuda-mps", b"/../cri-containerd-" + b"b2" * 32 + b".scope")
        yield chosen(shape, b"\n# gpu pid type", b"", b"/user.slice/user-0.slice/slurm/job_7 (deleted)")
        yield chosen(shape, b"x\n|  1    3   0   2  | 1MiB |", b"", b"/crio-" + b"c3" * 32)
        yield chosen(shape, b" \r", b"slurmstepd", b"/lxc.payload.x", (b"prod_renamed_" + VICTIM[2], b""))
        yield chosen(shape, b"nvidia-cuda-mps-server", b"\xff\xfe", b"", (VICTIM_LINK, target), (b"x", b"/"))
        yield chosen(shape, b"[Insufficient Permissions]", b"", b"", (b"a_b_c-" + b"c3" * 32 + b".log", target))


# Identifiers and texts that no fixture has in a file of its own.
WRITTEN = {
    "identifiers": [
        b"GPU-6a1e2d3c-0b4f-4e5a-9c7d-8e9f0a1b2c3d::3", b"MIG-GPU-6a1e2d3c-0b4f-4e5a-9c7d-8e9f0a1b2c3d/7/0",
        b"nvidia0/gi1/vgpu2", b"1c.3g.40gb", b"1g.10gb+me", b"slurmstepd: [3385.extern stepmgr]", b"0000:34:00.0",
    ],
    "interference": list(chosen_texts()),
    "tablerows": [table_rows(*names) for names in [
        [b"python3", b"/usr/bin/tritonserver", b""], [b"a\nb", b"\n" + FORGED, FORGED + b"\n" + FORGED],
        [FORGED[:24], b"xx\n" + FORGED[:20], b"/very/long/" + b"d" * 60 + b"/program --token=x"],
        [b"\r\n|\r", b"\xff\xfe\t", b"...\n|  GPU PID Type Process name Usage"],
    ]],
    "json": [br'{"\u00e9\ud83d\ude00\/\"\\\b\f\n\r\t":[-0.5e+3,1E9,true,false,null,{},[]]}', b"[" * 512 + b"]" * 512],
    "published": [
        # As Prometheus' /federate has it, in the forms of labels of both kinds of scraping; then of OpenMetrics.
        b'# TYPE gpu_process_info untyped\n'
        b'gpu_process_info{command="python3",container="node-exporter",exported_container="main",exported_namespace="ml",'
        b'exported_pod="train-0",gpu="0",instance="10.0.0.1:9100",namespace="monitoring",pid="7",pod="ne-x",status="active"'
        b'} 1 1700000000000\ngpu_session_count{gpu="0",instance="10.0.0.1:9100",namespace="monitoring",pod="ne-x"} 1 1700000000000\n',
        b'gpu_process_info{cluster="eu",node="n1",gpu="0_2_1",pid="",status="idle"} 1 1700000000.125\n'
        b'{"gpu.other","a.b"="c"} 1\ngpu_session_count{ "gpu" = "1" , } NaN # {a="b"} 1\n# EOF\n',
    ],
    "exposition": [b'a"b\\c\nd\x1f\x7f\xf0\x00\x00\x00\x00\x00\x00\x1f@Y\x00\x00\x00\x00\x00\x00', b"\x00" * 8],
    "text": ["컨테이너 \x1b[31m\x07\u202e\u200b e\u0301 \U0001f600".encode(), b"\xff\xfe\x9b plain"],
    "conmon": [
        b"/usr/bin/conmon\0-c\0" + b"a1" * 32 + b"\0-n\0k8s_main_train-0_ml_1a2b3c4d-0000-4000-8000-000000000001_0\0",
        b"/usr/bin/containerd-shim-runc-v2\0-address\0/run/k3s/containerd/containerd.sock\0",
    ],
}


def node_record(path, node):
    """One file, link or directory of a node as a record of the input."""
    name = str(path.relative_to(node)).encode()
    if path.is_symlink():
        return b"@" + name + b"\x1f" + str(path.readlink()).encode()
    if path.is_dir():
        return name + b"/\x1f"
    return name + b"\x1f" + path.read_bytes()


def pipeline_input(node):
    """A whole node as one input."""
    wanted = [path for path in sorted(node.rglob("*")) if not path.name.startswith(("expected.", "ORIGIN"))]
    answers = [path for path in wanted if path.parent == node / "nvidia-smi" and path.is_file()]
    below = [path for path in wanted if node / "root" in path.parents]
    leaves = [path for path in below if path.is_symlink() or not path.is_dir() or not any(path.iterdir())]
    records = [node_record(path, node) for path in answers + leaves]
    if (node / "arguments").exists():
        records.append(b"arguments\x1f" + (node / "arguments").read_bytes())
    return b"\x1e".join(records)


def on_a_stranger(whole):
    """The same with the first listed process on a GPU that the list of GPUs lacks."""
    start = whole.find(b"nvidia-smi/query-compute-apps.stdout")
    return whole[:start] + whole[start:].replace(b"\nGPU-", b"\nGPU-0", 1)


def log_input(node):
    """Names in the two log directories, as the target reads them."""
    pods, links = node / "root/var/log/pods", node / "root/var/log/containers"
    lines = [path.name.encode() for path in sorted(pods.iterdir())] if pods.is_dir() else []
    for path in sorted(links.iterdir()) if links.is_dir() else []:
        if path.is_symlink():
            lines.append(path.name.encode() + b"\t" + str(path.readlink()).encode())
    return b"\n".join(lines)


def vectors():
    """The contents of cgroup files in the table of vectors."""
    for line in (ROOT / "Tests/Vectors/cgroup.tsv").read_text().splitlines():
        if not line.startswith("#"):
            yield line.split("\t")[1].replace("\\n", "\n").encode()


def inputs():
    """(target, bytes) of everything."""
    for target, (below_node, below_capture) in PLACES.items():
        for folder, patterns in ((NODES, below_node), (CAPTURES, below_capture)):
            for pattern in patterns:
                yield from ((target, path.read_bytes()) for path in folder.glob("*/" + pattern) if path.is_file())
    for node in NODES.iterdir():
        if node.is_dir():
            whole = pipeline_input(node)
            yield "pipeline", whole
            yield "pipeline", on_a_stranger(whole)
            yield "logs", log_input(node)
    yield from (("cgroup", content) for content in vectors())
    yield from ((target, content) for target, contents in WRITTEN.items() for content in contents)
    yield from ((path.parent.name, path.read_bytes()) for path in CRASHES.glob("*/*"))


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    count = 0
    for target, content in inputs():
        directory = pathlib.Path(sys.argv[1], target)
        directory.mkdir(parents=True, exist_ok=True)
        (directory / hashlib.sha1(content).hexdigest()).write_bytes(content)
        count += 1
    print(f"{count} inputs in {sys.argv[1]}")


if __name__ == "__main__":
    main()
