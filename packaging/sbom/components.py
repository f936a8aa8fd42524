"""Whose the archives are that are linked into the executable, under which licence and in which version."""

import fnmatch
import json
import pathlib
import re
import subprocess
from typing import NamedTuple

NOASSERTION = "NOASSERTION"
SWIFT = "Apache-2.0 WITH Swift-exception"


class Component(NamedTuple):
    name: str
    licence: str  # an SPDX expression
    homepage: str
    archives: tuple  # patterns of file names
    source: str  # Debian's source package, a pattern; or of the Swift toolchain: TAGGED with its release, or BUNDLED


# Parts of a toolchain: those that are released with it, in its version, and those whose version it does not tell.
TAGGED, BUNDLED = "toolchain", "toolchain, of a version of its own"

COMPONENTS = (
    Component("swift", SWIFT, "https://github.com/swiftlang/swift", (
        "libswiftCore.a", "libswiftGlibc.a", "libswiftSynchronization.a", "libswift_Concurrency.a", "swiftrt.o",
    ), TAGGED),
    Component("swift-experimental-string-processing", SWIFT, "https://github.com/swiftlang/swift-experimental-string-processing", (
        "libswift_RegexParser.a", "libswift_StringProcessing.a",
    ), TAGGED),
    Component("swift-collections", SWIFT, "https://github.com/apple/swift-collections", ("lib_FoundationCollections.a",), BUNDLED),
    Component("swift-corelibs-libdispatch", SWIFT, "https://github.com/swiftlang/swift-corelibs-libdispatch", (
        "libdispatch.a", "libBlocksRuntime.a",
    ), TAGGED),
    Component("glibc", "LGPL-2.1-or-later", "https://www.gnu.org/software/libc/", (
        "libc.a", "libm.a", "libm-*.a", "crt1.o", "crti.o", "crtn.o",
    ), "glibc"),
    Component("gcc", "GPL-3.0-or-later WITH GCC-exception-3.1", "https://gcc.gnu.org/", (
        "libgcc.a", "libgcc_eh.a", "libstdc++.a", "crtbeginT.o", "crtend.o",
    ), "gcc-[0-9]*"),
)


class UnknownArchive(Exception):
    pass


def component(path):
    """The one component that has a file of that name."""
    found = [each for each in COMPONENTS if any(fnmatch.fnmatchcase(path.name, pattern) for pattern in each.archives)]
    if len(found) != 1:
        raise UnknownArchive(f"{path}: nothing is known of this archive: add it to packaging/sbom/components.py, with its licence")
    return found[0]


def output(*command):
    """What a command prints; None where it is not there or fails."""
    try:
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None


class Toolchain(NamedTuple):
    tag: str  # swift-6.3.1-RELEASE
    folder: pathlib.Path  # where its archives are

    @classmethod
    def here(cls):
        target = json.loads(output("swift", "-print-target-info") or "{}")
        resources = pathlib.Path(target.get("paths", {}).get("runtimeResourcePath", "/nonexistent"))
        return cls(target.get("swiftCompilerTag", NOASSERTION), resources.resolve().parent / "swift_static")


class Owner(NamedTuple):
    """The package of dpkg that a file is from."""

    name: str
    version: str
    architecture: str
    source: str
    source_version: str

    @classmethod
    def of(cls, path):
        """None where dpkg is not there or does not know the file, by its path now or before /lib became /usr/lib."""
        for spelling in (str(path), re.sub("^/usr/", "/", str(path))):
            found = output("dpkg-query", "--search", spelling)
            if found:
                package = found.rsplit(": ", 1)[0]
                form = "${Package}\t${Version}\t${Architecture}\t${source:Package}\t${source:Version}"
                fields = output("dpkg-query", "--show", "--showformat", form, package)
                return cls(*fields.split("\t")) if fields else None
        return None


class Origin(NamedTuple):
    component: Component
    version: str
    owner: Owner  # or None


def origin(path, toolchain, owner_of=Owner.of):
    """Whose an archive is and in which version. One that lies where its component does not come from is not known."""
    known = component(path)
    if known.source in (TAGGED, BUNDLED):
        if not path.is_relative_to(toolchain.folder):
            raise UnknownArchive(f"{path}: {known.name} comes with the Swift toolchain, in {toolchain.folder}")
        return Origin(known, toolchain.tag if known.source == TAGGED else NOASSERTION, None)
    owner = owner_of(path)
    if owner and not fnmatch.fnmatchcase(owner.source, known.source):
        raise UnknownArchive(f"{path}: by its name of {known.name}, by dpkg of {owner.source}")
    return Origin(known, owner.source_version if owner else NOASSERTION, owner)
