"""Images made here: the one that the Dockerfile describes, and one whose program only waits. Nothing is pulled."""

import hashlib
import io
import json
import platform
import re
import subprocess
import tarfile

import beside  # noqa: F401

import fixtures
import programs

ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
PAUSE = "gpu-sessions.test/pause:1"


def compile_static(source, program):
    """Makes a program of this directory."""
    programs.compile_static(fixtures.ROOT / "Tests/EndToEnd" / source, program)


def of_dockerfile():
    """How the image runs, by the last stage of the Dockerfile."""
    last = (fixtures.ROOT / "Dockerfile").read_text(encoding="utf-8").rpartition("\nFROM ")[2]
    found = {key: re.search(rf"^{key} (.+)$", last, re.MULTILINE)[1] for key in ("ENV", "USER", "ENTRYPOINT", "CMD")}
    return {
        "Env": [found["ENV"]], "User": found["USER"], "Entrypoint": json.loads(found["ENTRYPOINT"]),
        "Cmd": json.loads(found["CMD"]),
    }


def add(archive, name, contents):
    entry = tarfile.TarInfo(name)
    entry.size = len(contents)
    archive.addfile(entry, io.BytesIO(contents))


def pack(root, name, config, archive_file):
    """An archive that `ctr images import` takes: one layer, which is the directory."""
    layer = archive_file.with_suffix(".layer")
    with tarfile.open(layer, "w") as archive:
        archive.add(root, arcname=".", filter=owned_by_root)
    contents = layer.read_bytes()
    digest = f"sha256:{hashlib.sha256(contents).hexdigest()}"
    described = {
        "architecture": ARCHITECTURES[platform.machine()], "os": "linux", "config": config,
        "rootfs": {"type": "layers", "diff_ids": [digest]},
    }
    manifest = [{"Config": "config.json", "RepoTags": [name], "Layers": ["layer.tar"]}]
    with tarfile.open(archive_file, "w") as archive:
        add(archive, "layer.tar", contents)
        add(archive, "config.json", json.dumps(described).encode())
        add(archive, "manifest.json", json.dumps(manifest).encode())
    layer.unlink()


def owned_by_root(entry):
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = "root"
    return entry


def make_collector(directory, name, executable):
    """The collector's image: the root of packaging/image and the executable, stripped as the Dockerfile does."""
    root = directory / "collector-root"
    subprocess.run([fixtures.ROOT / "packaging/image/rootfs.sh", root], check=True)
    program = root / "usr/bin/gpu-sessions"
    programs.strip(executable, program)
    program.chmod(0o555)
    pack(root, name, of_dockerfile(), directory / "collector.tar")
    return directory / "collector.tar"


def make_pause(directory):
    """The image of the pause container and of the workloads."""
    root = directory / "pause-root"
    root.mkdir()
    compile_static("pause.c", root / "pause")
    pack(root, PAUSE, {"Entrypoint": ["/pause"]}, directory / "pause.tar")
    return directory / "pause.tar"
