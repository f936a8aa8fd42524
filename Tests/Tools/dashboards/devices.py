"""Rows of the dashboard of sessions: the GPUs themselves, and the collector."""

import looks
from panels import Column, row, series, table
from queries import AGE, DEVICE, at, by, fresh, now, select, top

PER_GPU = "{{node}} GPU {{gpu}}"
GPU = ["cluster", "node", "gpu"]
PHYSICAL = "gpu, uuid"


def percent_of(used, total):
    return f"100 * {used} / on (cluster, instance, gpu, uuid) group_left () {by('max', 'cluster, instance, gpu, uuid', select(total))}"


def used(only=""):
    return percent_of(now(PHYSICAL, "gpu_memory_used_bytes", only=only), "gpu_memory_total_bytes")


def power(only=""):
    return percent_of(now(PHYSICAL, "gpu_power_watts", only=only), "gpu_power_limit_watts")


def temperature(only=""):
    return now(PHYSICAL, "gpu_temperature_celsius", only=only)


def utilization(only=""):
    return now(PHYSICAL, "gpu_utilization", only=only)


TEMPERATURE = temperature()
# Every GPU that nvidia-smi names, the hottest first and those whose temperature is not known last.
HOTTEST = f"{TEMPERATURE} or 0 * {now(PHYSICAL, 'gpu_device_readable')}"


def nodes():
    count = now("gpu", "gpu_session_count")
    per_node = "cluster, instance, node"
    return table(
        "Nodes", "At most 200, those with most GPUs. In use: share of its devices with a session.",
        ["cluster", "node"],
        [Column("GPUs", at("instance:gpus:count")), Column("Vanished", at("instance:gpus_missing:count"), steps=looks.BAD),
         Column("In use", by("avg", per_node, f"{count} > bool 0"), "percentunit", gauge_to=1, steps=looks.SHARE),
         Column("Sessions", by("sum", per_node, count)), Column("Held idle", by("sum", per_node, at("gpu:held_idle:replicas"))),
         Column("Utilization", by("avg", per_node, now(PHYSICAL, "gpu_utilization")), "percent", gauge_to=100, steps=looks.BUSY),
         Column("Hottest", by("max", per_node, TEMPERATURE), "celsius", steps=looks.HOT),
         Column("Power", by("sum", per_node, now(PHYSICAL, "gpu_power_watts")), "watt")],
        limit=200, sort="GPUs",
    )


def gpus():
    return table(
        "GPUs", "Physical GPUs, at most 100: the hottest. Choose a node to see all of it. Empty: not reported; utilization of a GPU with "
        "MIG on never is. Clocks: low because nothing runs, where the driver says so.",
        GPU,
        [Column(None, now("gpu, name", "gpu_info"), more=("name",)),
         Column("Read", now(PHYSICAL, "gpu_device_readable"), words=looks.SUCCESS),
         Column(None, now("gpu, action", "gpu_recovery_action"), more=("action",)),
         Column("Utilization", now(PHYSICAL, "gpu_utilization"), "percent", gauge_to=100, steps=looks.BUSY),
         Column("Clocks", now(PHYSICAL, "gpu_clocks_idle"), words=looks.CLOCKS),
         Column("Memory", used(), "percent", gauge_to=100, steps=looks.FULL),
         Column("Held by nobody", now(PHYSICAL, "gpu_memory_unattributed_bytes"), "bytes"),
         Column("Temperature", TEMPERATURE, "celsius", gauge_to=100, steps=looks.HOT),
         Column("Power", power(), "percent", gauge_to=100, steps=looks.FULL)],
        rank=HOTTEST, sort="Temperature",
    )


def devices():
    return row(
        "Nodes and GPUs", nodes(), gpus(),
        table("Which devices are without a session", "Read, and nobody is on them; at most 100. A device that could not be read is not in "
              "this list.", GPU, [Column(None, now("gpu", "gpu_process_info", 'status="idle"'))], width=8),
        series("Utilization", "As nvidia-smi reports it, absent with MIG on; the twenty busiest.",
               [(top(20, DEVICE, utilization), PER_GPU)], "percent", limit=100, width=8),
        series("Memory used", "Percent of each physical GPU; the twenty fullest.", [(top(20, DEVICE, used), PER_GPU)], "percent", limit=100, width=8),
        series("Temperature", "The twenty hottest.", [(top(20, DEVICE, temperature), PER_GPU)], "celsius"),
        series("Power", "Percent of the limit; the twenty nearest to it.", [(top(20, DEVICE, power), PER_GPU)], "percent"),
    )


def collector():
    node = "cluster, instance"
    stages = by("max", "stage", fresh("gpu_session_collector_stage_duration_seconds"))
    given_up = now("kind", "gpu_session_collector_problems", only=" > 0")
    failed = now("stage", "gpu_session_collector_stage_success")
    # Stale files too, so not by `now`.
    success, problems = (
        f"{at(AGE)} * 0 + on ({node}) group_left () {by(how, node, select(f'gpu_session_collector_{family}'))}"
        for how, family in (("min", "success"), ("sum", "problems"))
    )
    return row(
        "Collector",
        table("Collectors", "The hundred whose file is oldest, by the node's own clock; stale ones too.", ["cluster", "node"],
              [Column("Age", at(AGE), "s", steps=looks.thresholds("green", (180, "red"))), Column("Success", success, words=looks.SUCCESS),
               Column("Given up", problems)], width=12, sort="Age"),
        table("Stages that failed", "Steps of the last run that did not succeed: what rests on them is not known there.",
              ["cluster", "node", "stage"], [Column("Success", f"{failed} == 0", words=looks.SUCCESS)], width=6),
        table("Versions", "How many nodes run which.", ["version"],
              [Column("Nodes", by("count", "version", now("version", "gpu_session_collector_build_info")))], width=6),
        series("Given up, by reason", "Rows, PIDs, pods or devices that could not be used, and why; the fifteen most frequent.",
               [(f"topk(15, {by('sum', 'kind', given_up)})", "{{kind}}")], width=8),
        series("How long the stages take", "On the slowest node.", [(stages, "{{stage}}")], "s", width=8),
        series("Age of the file", "By the node's own clock, the twenty oldest. Above the limit a node is left out everywhere else.",
               [(top(20, "cluster, instance", lambda only: at(AGE) + only), "{{node}}")], "s", width=8),
    )
