"""The hardware check's comparison and masking on recorded machines: no GPU is needed here."""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest

import beside  # noqa: F401
import capture
import comparison
import masking
from hardware import figures
from smi_answers import RECORDED, Answers

import containerd
import exposition
import fixtures

EXECUTABLE = fixtures.ROOT / ".build/release/gpu-sessions"
CAPTURES = fixtures.ROOT / "Tests/Captures"
# The name of each query's answer in a recorded machine.
FILES = {"query-gpu": "query-gpu.{}.csv", "query-compute-apps": "compute-apps.{}.csv", "pmon": "pmon.{}.txt", "list": "list.txt",
         "table": "table.{}.txt", "names": "compute-apps.{}.csv"}
MACHINES = ("h100-590", "h200-590", "l40s-595", "rtx2080super-610", "h100-mig-590")


def recorded(machine, moment):
    """{query: text} of a recorded machine, idle or under load."""
    texts = {query: CAPTURES / machine / name.format(moment) for query, name in FILES.items()}
    found = {query: path.read_text(encoding="utf-8") for query, path in texts.items() if path.exists()}
    # Five samples were recorded, and one is asked for.
    samples = re.findall(r"(?:^#.*\n)+|(?:^ .*\n)", found["pmon"], re.MULTILINE)
    count = (len(samples) - 1) // 5
    return found | {"pmon": "".join(samples[: 1 + count])}


def node(texts, directory):
    """A node that answers so, without the processes."""
    for query in RECORDED.keys() & texts.keys():
        (directory / "nvidia-smi").mkdir(exist_ok=True)
        (directory / f"nvidia-smi/{query}.stdout").write_text(texts[query], encoding="utf-8")
    source = fixtures.ROOT / "Fixtures/nodes/checkpoint-v2/root/proc"
    (directory / "root/proc/self/ns").mkdir(parents=True)
    (directory / "root/proc/self/ns/pid").symlink_to((source / "self/ns/pid").readlink())
    for name in ("stat", "uptime"):
        (directory / "root/proc" / name).write_text((source / name).read_text())
    return directory


def samples_of(texts):
    """What the executable publishes where nvidia-smi answers so."""
    with tempfile.TemporaryDirectory() as directory:
        return exposition.parse(fixtures.Run(EXECUTABLE, node(texts, pathlib.Path(directory))).published)


class Comparison(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.machines = {}
        for machine in MACHINES:
            texts = recorded(machine, "load")
            cls.machines[machine] = (Answers(texts), samples_of(texts))

    def test_what_is_published_of_a_recorded_machine_agrees_with_its_own_tables(self):
        for machine, (answers, samples) in self.machines.items():
            with self.subTest(machine=machine):
                self.assertEqual(comparison.complaints(answers, answers, samples), [])

    def test_no_recorded_machine_is_without_processes(self):
        self.assertEqual([machine for machine, (answers, _) in self.machines.items() if not answers.sessions()], [])

    def test_each_wrong_figure_is_found(self):
        for machine, (answers, samples) in self.machines.items():
            for key in comparison.published(samples):
                changed = {(family, pairs): value + 10**9 if names(family, pairs) == key else value
                           for (family, pairs), value in samples.items()}
                with self.subTest(machine=machine, figure=key):
                    self.assertTrue(any(key[0] in text for text in comparison.complaints(answers, answers, changed)))

    def test_each_missing_figure_is_found(self):
        for machine, (answers, samples) in self.machines.items():
            for key in comparison.published(samples):
                rest = {series: value for series, value in samples.items() if names(*series) != key}
                with self.subTest(machine=machine, figure=key):
                    found = comparison.complaints(answers, answers, rest)
                    self.assertEqual(bool(found), key[0] not in comparison.SOMETIMES, found)

    def test_a_process_too_many_and_a_wrong_command_are_found(self):
        answers, samples = self.machines["h100-590"]
        (pairs,) = [pairs for family, pairs in samples if family == "gpu_process_info" and dict(pairs).get("pid") == "11345"]
        other = frozenset((dict(pairs) | {"pid": "11346"}).items())
        self.assertTrue(comparison.complaints(answers, answers, samples | {("gpu_process_info", other): 1}))
        wrong = frozenset((dict(pairs) | {"command": "gpu"}).items())
        rest = {series: value for series, value in samples.items() if series != ("gpu_process_info", pairs)}
        found = comparison.complaints(answers, answers, rest | {("gpu_process_info", wrong): 1})
        self.assertEqual(found, ["command of 11345: 'gpu', nvidia-smi has './gpu_burn'"])

    def test_a_command_is_a_program_without_arguments_or_what_the_kernel_says(self):
        own = str(os.getpid())
        kernel = comparison.kernel_name(own)
        self.assertEqual(comparison.possible_commands("/opt/edge --url=http://x/y", False, own), {"edge"})
        self.assertEqual(comparison.possible_commands("python train.py", False, own), {"python", "python train.py"})
        self.assertEqual(comparison.possible_commands("/opt/edge --url=http://x/y", True, own), {"edge", kernel})

    def test_between_two_moments_a_figure_may_lie_anywhere(self):
        for machine, (answers, samples) in self.machines.items():
            idle = Answers(recorded(machine, "idle"))
            self.assertEqual(comparison.complaints(idle, answers, samples), [], machine)

    def test_own_processes_are_looked_for(self):
        answers, samples = self.machines["l40s-595"]
        (uuid,) = answers.uuids().values()
        holder = subprocess.Popen(["true"])
        holder.wait()
        self.assertEqual(len(figures.own_complaints(samples, [(uuid, holder)])), 1)


def names(family, pairs):
    """The key of one series in `comparison.published`."""
    labels = dict(pairs)
    is_session = family != "gpu_process_info" or labels["status"] == "active"
    return (family, tuple(labels.get(name, "") for name in comparison.KEYS[family])) if family in comparison.KEYS and is_session else None


def form(text):
    """The text with every digit and every letter replaced by one of its kind."""
    return re.sub("[A-Z]", "A", re.sub("[a-z]", "a", re.sub("[0-9]", "0", text)))


class Masking(unittest.TestCase):
    mask = masking.Mask(b"salt", {"trainer-7"}, {"ml-team"})

    def test_length_and_form_stay_and_nothing_else(self):
        for text in ("GPU-5768a634-3383-20e8-412d-e771aef8e36a", "kubepods-pod5768a634_3383_20e8_412d_e771aef8e36a.slice", "ab" * 32,
                     "00000000:3B:00.0", "/home/ada/run.py", "C   ...me/ada/run.py   582MiB |", "on trainer-7,"):
            masked = self.mask.text(text)
            self.assertNotEqual(masked, text)
            self.assertEqual(form(masked), form(text))

    def test_the_same_becomes_the_same_with_dashes_and_with_underscores(self):
        dashes = self.mask.text("5768a634-3383-20e8-412d-e771aef8e36a")
        self.assertEqual(self.mask.text("pod5768a634_3383_20e8_412d_e771aef8e36a"), "pod" + dashes.replace("-", "_"))
        self.assertEqual(self.mask.text("00000000:3B:00.0")[9:11].lower(), self.mask.text("0000:3b:00.0")[5:7])
        self.assertNotEqual(masking.Mask(b"other").text(dashes), self.mask.text(dashes))

    def test_no_two_become_the_same(self):
        addresses = [f"00000000:{bus:02X}:00.0" for bus in range(80)]
        self.assertEqual(len({self.mask.text(address) for address in addresses}), 80)

    def test_what_identifies_nobody_stays(self):
        for text in ("11345", "NVIDIA H100 80GB HBM3", "590.48.01", "C   ...program --fast |", "a trainer-70 and ml-teams", "81559 MiB"):
            self.assertEqual(self.mask.text(text), text)


    def test_serial_numbers_are_masked_and_their_absence_is_not(self):
        for text in ("    Serial Number                         : 1321021012345\n", "<serial>1321021012345</serial>",
                     "        GPU PDI                           : 0x1b2c3d4e5f607182\n",
                     "<chassis_serial_number>SN42x</chassis_serial_number>"):
            masked = self.mask.text(text)
            self.assertNotEqual(masked, text)
            self.assertEqual(form(masked), form(text))
        for text in ("    Serial Number                         : N/A\n", "<serial>N/A</serial>"):
            self.assertEqual(self.mask.text(text), text)

    def test_the_end_of_a_known_title_is_masked_where_the_table_cuts_it(self):
        mask = masking.Mask(b"salt")
        row = "      C   ...rain.py --token=hunter2        582MiB |"
        self.assertEqual(mask.text(row), row)
        mask.add_title("python train.py --token=hunter2")
        self.assertEqual(form(mask.text(row)), form(row))
        self.assertNotIn("hunter2", mask.text(row))

    def test_what_the_check_has_chosen_itself_stays(self):
        row = "      C   ...dddddddddddddddddddd/program        582MiB |"
        self.assertNotEqual(self.mask.text(row), row)
        mask = masking.Mask(b"salt")
        mask.kept |= {"/very/long/" + "d" * 100 + "/program"}
        self.assertEqual(mask.text(row), row)

    def test_bytes_that_are_no_utf_8_can_be_masked(self):
        self.assertEqual(form(masking.Mask(b"salt", {"b\udcffd"}).text("a b\udcffd c")), "a a\udcffa a")


class Capture(unittest.TestCase):
    """A node of Fixtures in the place of a machine."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.source = fixtures.ROOT / "Fixtures/nodes/checkpoint-mig"
        self.texts = {path.stem: path.read_text() for path in (self.source / "nvidia-smi").glob("*.stdout")}
        self.pids = [path.name for path in (self.source / "root/proc").iterdir() if path.name.isdigit()]
        self.directory = capture.write(
            pathlib.Path(folder.name, "node"), self.texts, self.pids, "A test.\n", self.source / "root", masking.Mask(b"salt"))

    def contents(self, directory):
        return "\n".join(f"{path.relative_to(directory)}\n{path.read_text()}" for path in directory.rglob("*") if path.is_file())

    def test_nothing_that_identifies_the_machine_is_left(self):
        before, after = self.contents(self.source), self.contents(self.directory)
        forms = (masking.UUID, masking.CONTAINER_ID, masking.PCI)
        self.assertTrue(all(form.search(after) for form in forms))
        for form in forms:
            self.assertEqual({match[0] for match in form.finditer(before)} & {match[0] for match in form.finditer(after)}, set())
        for word in ("team-a", "notebook-sora", "mixtral-0", "ml-train"):
            self.assertIn(word, before)
            self.assertNotIn(word, after)

    def test_the_collector_sees_the_same_node_in_it(self):
        runs = [fixtures.Run(EXECUTABLE, node) for node in (self.source, self.directory)]
        self.assertEqual([run.status for run in runs], [0, 0])
        sessions = [sorted((dict(pairs)["gpu"], dict(pairs).get("pid", ""), "pod" in dict(pairs), "pod_uid" in dict(pairs))
                           for family, pairs in exposition.parse(run.published) if family == "gpu_process_info") for run in runs]
        self.assertEqual(sessions[0], sessions[1])


if __name__ == "__main__":
    unittest.main()
