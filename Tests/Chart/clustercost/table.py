"""The tables of chart/COST.md, from what was measured and what was counted."""

from . import writes

NODES = (1, 100, 10_000)
SCRAPES_PER_MINUTE = 2  # every 30 s, kube-prometheus-stack's default
HEADER = ("", *(f"{count:,} node{'s' * (count > 1)}" for count in NODES))


def rounded(number):
    """To three digits, so that nobody takes an estimate for a count."""
    digits = len(str(int(number)))
    return f"{round(number, 3 - digits) if digits > 3 else number:,.0f}"


def span(pair, factor):
    least, most = (rounded(value * factor) for value in pair)
    return least if least == most else f"{least} to {most}"


def size(number):
    """In the largest unit of which it has one."""
    unit = max(step for step in range(1, 4) if step == 1 or number >= 2 ** (10 * step))
    value = number / 2 ** (10 * unit)
    return f"{value:.{0 if value >= 10 else 1}f} {('KiB', 'MiB', 'GiB')[unit - 1]}"


def rows(figures):
    """(what, a cell for each number of nodes)."""
    cron, series = figures["release"], figures["series"]
    objects, events = writes.total(False), writes.total(True)
    resident, samples = figures["resident"], series["with"]["samples"]
    yield "**CronJob per node:** pods started", [rounded(count) for count in NODES]
    yield "writes of objects to the API", [span(objects, count) for count in NODES]
    yield "writes of events", [span(events, count) for count in NODES]
    yield "all manifests, dashboards included", [size(cron[str(count)]["manifest"]) for count in NODES]
    yield "Helm's Secret of the release, at most 1 MiB", [size(cron[str(count)]["secret"]) for count in NODES]
    yield "**DaemonSet:** pods started, writes", ["0"] * len(NODES)
    yield "memory of the collectors between two runs", [size(resident["VmRSS"] * 2**10 * count) for count in NODES]
    yield "Helm's Secret of the release", [size(figures["daemonset"]["secret"])] * len(NODES)
    yield "**Either:** active series in Prometheus", [rounded(samples * count) for count in NODES]
    yield "samples", [rounded(samples * SCRAPES_PER_MINUTE * count) for count in NODES]
    for which, text in (("with", "with `gpu_memory`, at worst"), ("without", "with `collection.memoryLabel: false`")):
        yield f"new series in an hour {text}", [rounded(series[which]["new_each_minute"] * 60 * count) for count in NODES]


def line(cells):
    return f"| {' | '.join(cells)} |"


def costs(figures):
    return "\n".join([line(HEADER), "|---|---|---|---|", *(line([what, *cells]) for what, cells in rows(figures))])


def amount(write):
    return f"{write.least:g}" if write.least == write.most else f"{write.least:g} to {write.most:g}"


def counted():
    listed = [line([write.sender, write.what + (" (events)" if write.event else ""), amount(write), f"`{write.source}`"])
              for write in writes.RUN]  # fmt: skip
    return "\n".join([line(["sender", "what", "writes", "in kubernetes/kubernetes"]), "|---|---|---|---|", *listed])


def limits(figures):
    """What decides up to which size a CronJob per node will do."""
    (least, most), (cron_least, _) = writes.runs_per_minute(writes.JOB), writes.runs_per_minute(writes.CRONJOB)
    return (
        f"`kube-controller-manager` sends {writes.REQUESTS_PER_SECOND} requests a second for each controller, unless it is configured "
        f"otherwise. So the job controller can do {least} to {most} such runs a minute, and the cronjob controller {cron_least} or more. "
        f"With more nodes some runs miss their minute. 10,000 nodes would cause {span(writes.total(False), 10_000 / 60)} writes of objects "
        f"a second. The API server would have at least {rounded(writes.live_events(10_000))} events, because it keeps each one for an hour. "
        f"Helm's Secret is full at about {rounded(figures['largest'])} nodes."
    )


def text(figures):
    """What stands between the marks."""
    return f"{costs(figures)}\n\n{limits(figures)}\n\n<details><summary>What one run of a CronJob writes</summary>\n\n{counted()}\n\n</details>\n"
