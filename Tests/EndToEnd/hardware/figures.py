"""Part 1: what the executable publishes under load, against nvidia-smi's own tables; and a recording that replays the same."""

import pathlib

import capture
import comparison
from hardware.budget import NotHere
from hardware.load import HELD_MIB, Holders
from smi_answers import MIB, QUERIES, Answers

REPLAY = pathlib.Path(__file__).resolve().parents[3] / "Fixtures/bin/nvidia-smi"


def ask(recorder, program):
    """{query: what nvidia-smi answers}. Without one of them there is nothing to compare with."""
    answers = {query: recorder.run([program, *arguments]) for query, arguments in QUERIES.items()}
    for query, answer in answers.items():
        if answer.status != 0:
            raise NotHere(f"nvidia-smi does not answer {query}: exit status {answer.status}, {(answer.out or answer.err).strip()[:200]}")
    return {query: answer.out for query, answer in answers.items()}


def own_complaints(samples, holders):
    """Our own CUDA processes: each on its device, with at least the memory that it took."""
    found = {(labels["uuid"], labels["pid"]): labels for labels in (
        dict(pairs) for family, pairs in samples if family == "gpu_process_info") if labels.get("pid")}
    memory = {dict(pairs)["pid"]: value for (family, pairs), value in samples.items() if family == "gpu_process_memory_bytes"}
    complaints = []
    for uuid, process in holders:
        pid = str(process.pid)
        if (uuid, pid) not in found:
            complaints.append(f"process {pid} of this check is not on {uuid}")
        elif memory.get(pid, 0) < HELD_MIB * MIB:
            complaints.append(f"process {pid} of this check has {memory.get(pid)} bytes, and took {HELD_MIB} MiB")
    return complaints


def health_complaints(answer, samples):
    """A run that did not go well has nothing to compare."""
    success = [value for (family, _), value in samples.items() if family == "gpu_session_collector_success"]
    return [] if (answer.status, success) == (0, [1]) else [f"exit status {answer.status}, success {success}: {answer.err}"]


def families(figures):
    """{family: number of figures}, without those that may be there or not."""
    names = [family for family, _ in figures if family not in comparison.SOMETIMES]
    return {family: names.count(family) for family in names}


def replay_complaints(recorder, collector, node, answers):
    """The masked recording, replayed, has as many figures of each family as nvidia-smi had when it was recorded."""
    more = ["--nvidia-smi", REPLAY, "--host-root", node / "root"]
    answer, samples = collector.run(recorder, more, {"GPU_SESSIONS_FIXTURE": str(node)}, output=False)
    there, again = families(answers.figures()), families(comparison.published(samples))
    return [] if there == again else [f"the recording replays as {again}, nvidia-smi had {there}: {answer.err}"]


def record(recorder, texts):
    """Writes the masked recording of the machine; its directory."""
    after = Answers(texts)
    pids = sorted({pid for _, pid in after.processes})
    driver = next((gpu["driver_version"] for gpu in after.gpus), "")
    origin = f"Recorded by hardware_check.py with driver {driver}, and masked.\n"
    return capture.write(recorder.directory / "node", texts, pids, origin, mask=recorder.mask)


def run(recorder, collector, machine):
    with Holders(recorder.budget, recorder.own) as holders:
        started = holders.on_each(machine.uuids)
        before = ask(recorder, collector.program)
        answer, samples = collector.run(recorder)
        after = ask(recorder, collector.program)
        recorder.complain(health_complaints(answer, samples))
        recorder.complain(comparison.complaints(Answers(before), Answers(after), samples) + own_complaints(samples, started))
        node = record(recorder, after)
    count = len(comparison.published(samples))
    recorder.say("Does the published file agree with nvidia-smi's own tables?",
                 f"{count} figures on {len(machine.devices)} devices compared, {len(recorder.complaints)} complaints")
    if REPLAY.exists():
        recorder.complain(replay_complaints(recorder, collector, node, Answers(after)))
    else:
        recorder.say("Does the recording replay?", "not tried: Fixtures/bin/nvidia-smi was not carried here")
