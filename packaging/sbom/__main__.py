"""Writes the SBOM of a release: an SPDX 2.3 document in JSON, made of the executable's link map and the artefacts.

Usage: SOURCE_DATE_EPOCH=SECONDS sbom --map FILE --build DIRECTORY --version VERSION --revision COMMIT --output FILE
            executable=FILE deb=FILE tarball=FILE spec=FILE chart=FILE
"""

import argparse
import json
import os
import pathlib
import platform
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import components  # noqa: E402
import linkmap  # noqa: E402
import spdx  # noqa: E402

KINDS = ("executable", "deb", "tarball", "spec", "chart")


def os_release():
    try:
        return platform.freedesktop_os_release()
    except OSError:
        return {}


def builder():
    """With what it was built, for whoever wants to build the same bytes."""
    system = os_release()
    tools = [("swift", "--version"), ("strip", "--version"), ("dpkg-deb", "--version"), ("xz", "--version"), ("gzip", "--version")]
    lines = [(components.output(*tool) or f"{tool[0]}: {components.NOASSERTION}").splitlines()[0] for tool in tools]
    comment = f"Built on {system.get('PRETTY_NAME', components.NOASSERTION)} with: " + "; ".join(lines)
    return {"distribution": system.get("ID", "unknown"), "comment": comment}


def artefact(text):
    kind, _, path = text.partition("=")
    if kind not in KINDS or not os.path.isfile(path):
        raise argparse.ArgumentTypeError(f"{text} is not KIND=FILE")
    return kind, pathlib.Path(path)


def options(arguments):
    parser = argparse.ArgumentParser(prog="sbom", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("map", "build", "version", "revision", "output"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("artefacts", nargs="+", type=artefact, metavar="KIND=FILE")
    chosen = parser.parse_args(arguments)
    missing = set(KINDS) - dict(chosen.artefacts).keys()
    if missing:
        parser.error(f"no {', '.join(sorted(missing))}")
    return chosen


def main(arguments):
    chosen = options(arguments)
    toolchain = components.Toolchain.here()
    linked = {path: components.origin(path, toolchain) for path in linkmap.read(chosen.map, chosen.build)}
    release = {
        "version": chosen.version, "revision": chosen.revision, "machine": platform.machine(),
        "epoch": int(os.environ["SOURCE_DATE_EPOCH"]),
    }
    document = spdx.document(release, dict(chosen.artefacts), linked, builder())
    pathlib.Path(chosen.output).write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except (linkmap.MapError, components.UnknownArchive, ValueError) as error:
        sys.exit(f"sbom: {error}")
