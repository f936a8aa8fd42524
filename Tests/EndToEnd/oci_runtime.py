#!/usr/bin/env python3
"""Stands before runc and is called as runc is: changes a container's configuration before it is made.

With RUNTIME_DRIVER, the directory of the node that has the driver's program, it does what NVIDIA's runtime does: puts
nvidia-smi into a container that asks for it. With RUNTIME_RECURSIVE, a file of paths, it does what containerd does since
2.0 with mounts that are to be read-only recursively. With RUNTIME_NO_LIMITS it drops limits that the machine cannot keep.
To RUNTIME_CGROUPS, a file, it adds the cgroup that the container is to have, before anything is made.
"""

import json
import os
import pathlib
import sys

PROGRAM = "/usr/bin/nvidia-smi"


def asks(variables):
    """Whether the container's environment asks for the driver's tools, by the rules of NVIDIA's runtime."""
    given = dict(variable.partition("=")[::2] for variable in variables)
    capabilities = given.get("NVIDIA_DRIVER_CAPABILITIES", "utility,compute").split(",")
    return given.get("NVIDIA_VISIBLE_DEVICES", "void") not in ("", "void") and {"utility", "all"} & set(capabilities)


def inject(config, driver):
    """The program and what it answers, read-only."""
    for name in (PROGRAM, f"{PROGRAM}.answers"):
        source = str(pathlib.Path(driver, pathlib.PurePath(name).name))
        config["mounts"].append(
            {"destination": name, "type": "bind", "source": source, "options": ["ro", "nosuid", "nodev", "bind"]})


def make_recursive(config, paths):
    """runc's option for read-only mounts with all below them, on those of these paths that are read-only and private."""
    for mount in config["mounts"]:
        if mount["destination"] in paths and {"ro", "rprivate"} <= set(mount["options"]):
            mount["options"].append("rro")


def change(file):
    """The configuration of the bundle as the environment wants it."""
    config = json.loads(file.read_text(encoding="utf-8"))
    if "RUNTIME_DRIVER" in os.environ and asks(config["process"].get("env", [])):
        inject(config, os.environ["RUNTIME_DRIVER"])
    if "RUNTIME_RECURSIVE" in os.environ:
        make_recursive(config, pathlib.Path(os.environ["RUNTIME_RECURSIVE"]).read_text(encoding="utf-8").splitlines())
    if "RUNTIME_NO_LIMITS" in os.environ:
        config["linux"]["resources"] = {"devices": config["linux"]["resources"].get("devices", [])}
    if "RUNTIME_CGROUPS" in os.environ:
        with open(os.environ["RUNTIME_CGROUPS"], "a", encoding="utf-8") as made:
            made.write(f"{config['linux']['cgroupsPath']}\n")
    file.write_text(json.dumps(config), encoding="utf-8")


def main():
    arguments = sys.argv[1:]
    if "create" in arguments:
        change(pathlib.Path(arguments[arguments.index("--bundle") + 1], "config.json"))
    os.execvp("runc", ["runc", *arguments])


if __name__ == "__main__":
    main()
