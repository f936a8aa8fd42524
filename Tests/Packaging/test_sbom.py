"""The SBOM of a release: what is read from a link map, whose it is, and the document that says so."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

from license_expression import get_spdx_licensing
from spdx_tools.spdx.parser.jsonlikedict.json_like_dict_parser import JsonLikeDictParser
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document
from staging import ROOT

sys.path.insert(0, str(ROOT / "packaging" / "sbom"))

import components  # noqa: E402
import linkmap  # noqa: E402
import spdx  # noqa: E402

HEADER = "             VMA              LMA     Size Align Out     In      Symbol\n"
TOOLCHAIN = components.Toolchain("swift-9.9.9-RELEASE", pathlib.Path("/toolchain/swift_static"))
DEBIAN = components.Owner("libc6-dev", "2.36-9+deb12u14", "amd64", "glibc", "2.36-9+deb12u14")


def row(address, size, indent, text):
    return f"{address:16x} {address:16x} {size:8x} {4:5d} {' ' * indent}{text}\n"


class LinkMap(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name).resolve()

    def read(self, text):
        (self.folder / "link.map").write_text(text)
        return [str(path) for path in linkmap.read(self.folder / "link.map", self.folder)]

    def own(self):
        return row(0x1000, 8, 8, f"{self.folder}/main.swift.o:(.text)")

    def test_archives_and_objects_are_found_once_and_sorted_but_for_the_projects_own(self):
        lines = [row(0x1008, 8, 8, f"/l/{name}:(.text.f(int))") for name in ("libz.a(b.o)", "crt1.o", "libz.a(a.o)")]
        self.assertEqual(self.read(HEADER + self.own() + "".join(lines)), ["/l/crt1.o", "/l/libz.a"])

    def test_what_is_empty_stripped_made_by_the_linker_or_a_symbol_is_not_linked(self):
        lines = [
            row(0x2000, 0, 8, "/l/libempty.a(a.o):(.text)"),
            row(0, 8, 8, "/l/libdebug.a(a.o):(.debug_info)"),
            row(0x2000, 8, 8, "<internal>:(.got)"),
            row(0x2000, 8, 16, "/l/libsymbol.a(a.o):(.text)"),
            row(0x2000, 8, 0, ".text"),
        ]
        self.assertEqual(self.read(HEADER + self.own() + "".join(lines)), [])

    def test_what_is_no_map_or_not_of_this_build_is_refused(self):
        with self.assertRaisesRegex(linkmap.MapError, "not a link map"):
            self.read(self.own())
        with self.assertRaisesRegex(linkmap.MapError, "no object below"):
            self.read(HEADER + row(0x1008, 8, 8, "/l/libz.a(b.o):(.text)"))


class Components(unittest.TestCase):
    def test_each_has_a_licence_that_spdx_knows(self):
        for each in components.COMPONENTS:
            self.assertEqual(get_spdx_licensing().validate(each.licence).errors, [], each.name)

    def test_each_archive_has_one(self):
        for each in components.COMPONENTS:
            for pattern in each.archives:
                self.assertEqual(components.component(pathlib.Path("/l") / pattern.replace("*", "2")), each)

    def test_an_archive_that_nobody_has_looked_at_is_refused(self):
        with self.assertRaisesRegex(components.UnknownArchive, "/l/libswiftNew.a: .*components.py"):
            components.origin(pathlib.Path("/l/libswiftNew.a"), TOOLCHAIN)

    def test_an_archive_in_a_place_that_is_not_its_components_is_refused(self):
        with self.assertRaisesRegex(components.UnknownArchive, "toolchain"):
            components.origin(pathlib.Path("/opt/libswiftCore.a"), TOOLCHAIN)
        with self.assertRaisesRegex(components.UnknownArchive, "by dpkg of musl"):
            components.origin(pathlib.Path("/l/libc.a"), TOOLCHAIN, lambda _: DEBIAN._replace(source="musl"))

    def test_a_version_is_found_or_not_asserted(self):
        linux = TOOLCHAIN.folder / "linux"
        versions = [
            components.origin(linux / "libswiftCore.a", TOOLCHAIN).version,
            components.origin(linux / "lib_FoundationCollections.a", TOOLCHAIN).version,
            components.origin(pathlib.Path("/l/libc.a"), TOOLCHAIN, lambda _: DEBIAN).version,
            components.origin(pathlib.Path("/l/libc.a"), TOOLCHAIN, lambda _: None).version,
        ]
        self.assertEqual(versions, ["swift-9.9.9-RELEASE", "NOASSERTION", "2.36-9+deb12u14", "NOASSERTION"])

    def test_the_toolchain_is_the_one_that_builds(self):
        here = components.Toolchain.here()
        self.assertTrue((here.folder / "linux" / "libswiftCore.a").exists(), here)
        self.assertIn(f"({here.tag})", components.output("swift", "--version"))


class Document(unittest.TestCase):
    RELEASE = {"version": "1.2.3", "revision": "abc", "machine": "x86_64", "epoch": 1_700_000_000}
    BUILDER = {"distribution": "debian", "comment": "Built on a test"}

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name).resolve()
        self.artefacts = {kind: self.file(kind) for kind in ("executable", "deb", "tarball", "spec", "chart")}
        toolchain = TOOLCHAIN._replace(folder=self.folder)
        names = ("libswiftCore.a", "lib_FoundationCollections.a", "libc.a", "libm-2.36.a", "libstdc++.a")
        owner = {"libstdc++.a": DEBIAN._replace(name="libstdc++-12-dev", source="gcc-12", source_version="12.2")}
        self.linked = {self.file(name): components.origin(self.folder / name, toolchain, lambda path: owner.get(path.name, DEBIAN)) for name in names}

    def file(self, name):
        (self.folder / name).write_text(f"of {name}")
        return self.folder / name

    def document(self, linked=None):
        return spdx.document(self.RELEASE, self.artefacts, linked or self.linked, self.BUILDER)

    def test_spdxs_own_validator_has_nothing_to_say(self):
        messages = validate_full_spdx_document(JsonLikeDictParser().parse(self.document()))
        self.assertEqual([message.validation_message for message in messages], [])

    def test_it_says_what_is_linked_whose_it_is_and_under_which_licence(self):
        document = self.document()
        names = {each["SPDXID"]: each.get("name", each.get("fileName")) for each in document["packages"] + document["files"]}
        related = {(names[each["spdxElementId"]], each["relationshipType"], names[each["relatedSpdxElement"]]) for each in document["relationships"] if each["relationshipType"] in ("STATIC_LINK", "GENERATED_FROM")}
        for archive, component in (("libc.a", "glibc"), ("libm-2.36.a", "glibc"), ("libstdc++.a", "gcc"), ("libswiftCore.a", "swift")):
            self.assertIn(("./executable", "STATIC_LINK", f"./{archive}"), related)
            self.assertIn((f"./{archive}", "GENERATED_FROM", component), related)
        packages = {each["name"]: each for each in document["packages"]}
        self.assertEqual(packages.keys(), {"gpu-sessions", "swift", "swift-collections", "glibc", "gcc"})
        self.assertEqual((packages["glibc"]["licenseDeclared"], packages["glibc"]["versionInfo"]), ("LGPL-2.1-or-later", "2.36-9+deb12u14"))
        self.assertEqual([each["referenceLocator"] for each in packages["glibc"]["externalRefs"]], ["pkg:deb/debian/libc6-dev@2.36-9%2Bdeb12u14?arch=amd64"])
        self.assertNotIn("externalRefs", packages["swift-collections"])

    def test_it_has_the_checksums_of_what_is_published(self):
        sums = {each["fileName"]: {kind["algorithm"]: kind["checksumValue"] for kind in each["checksums"]} for each in self.document()["files"]}
        for tool in ("sha1sum", "sha256sum"):
            printed = subprocess.run([tool, self.artefacts["deb"]], check=True, capture_output=True, text=True).stdout
            self.assertEqual(sums["./deb"][tool[:-3].upper()], printed.split()[0])

    def test_the_same_input_gives_the_same_bytes_and_another_input_another_name(self):
        first, shuffled = self.document(), dict(reversed(self.linked.items()))
        self.assertEqual(json.dumps(self.document(shuffled)), json.dumps(first))
        self.assertEqual(first["creationInfo"]["created"], "2023-11-14T22:13:20Z")
        self.artefacts["deb"].write_text("other")
        self.assertNotEqual(self.document()["documentNamespace"], first["documentNamespace"])

    def test_two_versions_of_one_component_are_refused(self):
        self.linked[self.folder / "libm-2.36.a"] = self.linked[self.folder / "libm-2.36.a"]._replace(version="1")
        with self.assertRaisesRegex(ValueError, "glibc is linked in several versions"):
            self.document()

    def test_two_archives_of_one_name_are_refused(self):
        (self.folder / "other").mkdir()
        self.linked[self.file("other/libc.a")] = self.linked[self.folder / "libc.a"]
        with self.assertRaisesRegex(ValueError, "two of one name"):
            self.document()


class Command(unittest.TestCase):
    def sbom(self, folder, archive):
        (folder / "link.map").write_text(HEADER + row(0x1000, 8, 8, f"{folder}/own.o:(.text)") + row(0x1000, 8, 8, f"{archive}(a.o):(.text)"))
        artefacts = []
        for kind in ("executable", "deb", "tarball", "spec", "chart"):
            (folder / kind).write_text(kind)
            artefacts.append(f"{kind}={folder / kind}")
        options = ["--map", folder / "link.map", "--build", folder, "--version", "1", "--revision", "abc", "--output", folder / "sbom.json"]
        command = [sys.executable, ROOT / "packaging/sbom", *options, *artefacts]
        return subprocess.run(command, env=os.environ | {"SOURCE_DATE_EPOCH": "1"}, capture_output=True, text=True)

    def test_it_writes_nothing_where_an_archive_is_unknown(self):
        core = components.Toolchain.here().folder / "linux" / "libswiftCore.a"
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name).resolve()
            result = self.sbom(folder, "/l/libnew.a")
            self.assertEqual((result.returncode, result.stderr.splitlines()[0][:19]), (1, "sbom: /l/libnew.a: "))
            self.assertFalse((folder / "sbom.json").exists())
            result = self.sbom(folder, core)
            self.assertEqual((result.returncode, result.stderr), (0, ""))
            packages = [each["name"] for each in json.loads((folder / "sbom.json").read_text())["packages"]]
            self.assertEqual(packages, ["gpu-sessions", "swift"])


if __name__ == "__main__":
    unittest.main()
