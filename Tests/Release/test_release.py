"""`make release` gives the same bytes wherever it runs, and what its SHA256SUMS and SBOM say is so. Two builds: minutes."""

import hashlib
import json
import pathlib
import re
import shutil
import subprocess
import tarfile
import tempfile
import unittest

import places
from spdx_tools.spdx.parser.parse_anything import parse_file
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

KINDS = {
    "executable": r"gpu-sessions-[\d.]+-linux-\w+", "sbom": r"gpu-sessions-[\d.]+-linux-\w+\.spdx\.json",
    "deb": r"gpu-sessions_[\d.]+_\w+\.deb", "tarball": r"gpu-sessions-[\d.]+-\w+\.tar\.gz", "spec": r"gpu-sessions-[\d.]+-\w+\.spec",
    "chart": r"gpu-session-monitoring-[\d.]+\.tgz", "sums": "SHA256SUMS",
}


def run(*command, **options):
    return subprocess.run([str(word) for word in command], check=True, capture_output=True, **options).stdout


class Release(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="gpu-sessions-release-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name).resolve()
        (cls.dist, first), (cls.other, second) = places.two_releases(cls.folder)
        print(f"built in {first:.0f} s and, on one processor, in {second:.0f} s", flush=True)
        cls.build = cls.dist.parent / "release-build"

    def artefact(self, kind):
        (found,) = [path for path in self.dist.iterdir() if re.fullmatch(KINDS[kind], path.name)]
        return found

    def document(self):
        return json.loads(self.artefact("sbom").read_text(encoding="utf-8"))

    def checksums(self, part):
        """SHA256 by file name, of the files of the SBOM whose identity says so."""
        files = [each for each in self.document()["files"] if each["SPDXID"].startswith(f"SPDXRef-{part}-")]
        return {each["fileName"][2:]: {sum["algorithm"]: sum["checksumValue"] for sum in each["checksums"]}["SHA256"] for each in files}

    def test_both_have_the_same_files_of_the_same_bytes_and_modes(self):
        names = sorted(self.artefact(kind).name for kind in KINDS)
        for directory in (self.dist, self.other):
            self.assertEqual(sorted(path.name for path in directory.iterdir()), names)
        for name in names:
            with self.subTest(name):
                first, second = (self.dist / name).read_bytes(), (self.other / name).read_bytes()
                differing = [index for index, pair in enumerate(zip(first, second)) if pair[0] != pair[1]]
                self.assertEqual((len(first), differing[:8]), (len(second), []))
                self.assertEqual(oct((self.dist / name).stat().st_mode), oct((self.other / name).stat().st_mode))

    def test_nothing_says_where_it_was_built(self):
        with tempfile.TemporaryDirectory() as unpacked:
            run("dpkg-deb", "--raw-extract", self.artefact("deb"), f"{unpacked}/deb")
            for kind in ("tarball", "chart"):
                shutil.unpack_archive(self.artefact(kind), f"{unpacked}/{kind}", "gztar", filter="data")
            files = [path for folder in (self.dist, pathlib.Path(unpacked)) for path in folder.rglob("*") if path.is_file()]
            self.assertGreater(len(files), 60)
            for word in (self.folder.name, str(places.ROOT) + "/"):
                self.assertEqual([path.name for path in files if word.encode() in path.read_bytes()], [])

    def test_sha256sum_agrees_and_notices_one_changed_bit_of_any_file(self):
        listed = run("sha256sum", "--check", "SHA256SUMS", cwd=self.dist, text=True).splitlines()
        names = sorted(self.artefact(kind).name for kind in KINDS.keys() - {"sums"})
        self.assertEqual(listed, [f"{name}: OK" for name in names])
        with tempfile.TemporaryDirectory() as folder:
            copy = pathlib.Path(shutil.copytree(self.dist, f"{folder}/dist"))
            for file in (copy / name for name in names):
                data = bytearray(file.read_bytes())
                data[len(data) // 2] ^= 1
                file.write_bytes(data)
            result = subprocess.run(["sha256sum", "--check", "SHA256SUMS"], cwd=copy, capture_output=True, text=True)
        self.assertEqual(result.returncode, 1)
        self.assertEqual(result.stdout.splitlines(), [line.replace("OK", "FAILED") for line in listed])

    def test_the_packages_hold_the_executable_that_is_published(self):
        executable = self.artefact("executable").read_bytes()
        with tempfile.TemporaryDirectory() as unpacked:
            run("dpkg-deb", "--extract", self.artefact("deb"), unpacked)
            self.assertTrue((pathlib.Path(unpacked) / "usr/bin/gpu-sessions").read_bytes() == executable)
        with tarfile.open(self.artefact("tarball")) as archive:
            self.assertTrue(archive.extractfile("usr/bin/gpu-sessions").read() == executable)
        version = self.document()["packages"][0]["versionInfo"]
        self.assertEqual(run(self.artefact("executable"), "--version", env={}, text=True), f"gpu-sessions {version}\n")

    def test_helm_takes_the_chart(self):
        command = (places.ROOT / ".build/tools/bin/helm", "template", "release", "--set", "gpu-session-monitoring.enabled=true")
        packed = run(*command, self.artefact("chart"))
        self.assertIn(b"kind: CronJob", packed)
        self.assertEqual(packed, run(*command, places.ROOT / "chart"))
        alerts = run(*command, "--set", "prometheusRule.enabled=true", self.artefact("chart"))
        self.assertIn(f"runbook_url: {places.HOMEPAGE}/blob/main/".encode(), alerts)

    def test_spdxs_own_validator_has_nothing_to_say(self):
        messages = validate_full_spdx_document(parse_file(str(self.artefact("sbom"))))
        self.assertEqual([message.validation_message for message in messages], [])

    def test_the_sbom_is_of_these_files_and_of_this_commit(self):
        sums = {kind: hashlib.sha256(self.artefact(kind).read_bytes()).hexdigest() for kind in KINDS.keys() - {"sbom", "sums"}}
        self.assertEqual(self.checksums("Artefact"), {self.artefact(kind).name: value for kind, value in sums.items()})
        document = self.document()
        self.assertEqual(document["creationInfo"]["created"], "2023-11-14T22:13:20Z")
        self.assertEqual(document["packages"][0]["sourceInfo"], f"git commit: {places.REVISION}")

    def test_the_sbom_has_every_archive_that_the_linker_took_something_from(self):
        rows = [line.split("\t") for line in (self.build / "archives.tsv").read_text().splitlines()[1:]]
        taken = {pathlib.Path(path) for _, members, path in rows if int(members) > 0}
        sums = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in taken}
        self.assertIn("libswiftCore.a", sums)
        said = self.checksums("Linked")
        archives = {name: value for name, value in said.items() if name.endswith(".a")}
        self.assertEqual(archives, {name: value for name, value in sums.items() if name in said})
        # All that was taken from the others has been dropped again: what is left of it is empty or not in memory.
        kept = [line.split(maxsplit=4) for line in (self.build / "link.map").read_text(errors="replace").splitlines()]
        for path in (path for path in taken if path.name not in said):
            self.assertEqual([line for line in kept if line[-1].startswith(f"{path}(") and int(line[0], 16) and int(line[2], 16)], [])

    def test_the_sbom_has_the_objects_that_start_the_program(self):
        objects = {name for name in self.checksums("Linked") if name.endswith(".o")}
        symbols = run("readelf", "--symbols", "--wide", self.build / "release/gpu-sessions", text=True)
        for symbol, name in {"_start": "crt1.o", "_init": "crti.o"}.items():
            self.assertRegex(symbols, rf"(?m) {symbol}$")
            self.assertIn(name, objects)


if __name__ == "__main__":
    unittest.main()
