"""Part 4: newer fields of --query-gpu, idle and under load, and what the driver says that it knows."""

from hardware.load import Holders

ASKED = ("compute_mode", "gpu_recovery_action", "clocks_event_reasons.gpu_idle", "mig.mode.pending")
# With the older name of one of them.
FIELDS = (*ASKED, "clocks_throttle_reasons.gpu_idle")


def lines(answer):
    """What was printed, in one line."""
    said = [line for line in (answer.out + answer.err).splitlines() if line.strip()]
    return f"exit status {answer.status}: {' / '.join(said)[:300] or 'nothing printed'}"


def query(recorder, program, moment):
    """All in one call; one by one if that is refused, as one of them may be unknown."""
    answer = recorder.run([program, f"--query-gpu=index,{','.join(ASKED)}", "--format=csv"], moment=moment)
    recorder.say(f"--query-gpu={','.join(ASKED)}, {moment}", lines(answer))
    if answer.status != 0:
        for field in FIELDS:
            one = recorder.run([program, f"--query-gpu={field}", "--format=csv"])
            recorder.say(f"--query-gpu={field}, {moment}", lines(one))


def known(recorder, program):
    """Which of the fields stand in the help, which is kept whole."""
    text = recorder.run([program, "--help-query-gpu"]).out
    named = [field for field in FIELDS if f'"{field}"' in text]
    recorder.say("Which fields does --help-query-gpu name?", ", ".join(named) or "none of these")


def settle(recorder, program, machine):
    """Two small questions."""
    answer = recorder.run([program, "pmon", "-c", "1", "--format", "csv"])
    recorder.settle("pmon-format", lines(answer))
    if machine.instances:
        uuid, _, _ = next(iter(machine.instances.values()))
        recorder.settle("mig-uuid", lines(recorder.run([program, "--query-gpu=index,uuid", "--format=csv", "-i", uuid])))


def run(recorder, collector, machine):
    with Holders(recorder.budget, recorder.own) as holders:
        holders.on_each(machine.uuids)
        query(recorder, collector.program, "under load")
    query(recorder, collector.program, "without our load")
    known(recorder, collector.program)
    settle(recorder, collector.program, machine)
    recorder.run([collector.program, "--version"])
