"""How figures look: colours from which value on, words in place of numbers, links from a cell to another dashboard."""

TO_POD = "/d/gpu-sessions-pod?${datasource:queryparam}&${cluster:queryparam}&var-namespace=%s&var-pod=%s&${__url_time_range}"
TO_NODE = "/d/gpu-sessions?${datasource:queryparam}&${cluster:queryparam}&var-node=${__value.raw}&${__url_time_range}"


def link(title, url):
    return {"title": title, "url": url, "targetBlank": False}


POD_OF_ROW = link("This pod", TO_POD % ("${__data.fields.Namespace}", "${__value.raw}"))
POD_OF_LINE = link("This pod", TO_POD % ("${__field.labels.namespace}", "${__field.labels.pod}"))
NODE_OF_ROW = link("This node", TO_NODE)


def thresholds(base, *steps):
    """Colours: `base`, then that of each step (value, colour) from its value on."""
    return {"mode": "absolute", "steps": [{"color": base, "value": None}, *({"color": color, "value": value} for value, color in steps)]}


def mapping(shown):
    """Words and their colours in place of values, from pairs by value."""
    options = {value: {"text": text, "color": color, "index": at} for at, (value, (text, color)) in enumerate(shown.items())}
    return [{"type": "value", "options": options}]


NEUTRAL = thresholds("text")
WARN = thresholds("green", (1, "orange"))
BAD = thresholds("green", (1, "red"))
BUSY = thresholds("blue", (10, "green"), (95, "orange"))
FULL = thresholds("green", (80, "orange"), (95, "red"))
SHARE = thresholds("red", (0.3, "orange"), (0.6, "green"))
HOT = thresholds("green", (75, "orange"), (85, "red"))
LONG = thresholds("text", (3600, "orange"), (86400, "red"))

SUCCESS = mapping({"0": ("failed", "red"), "1": ("yes", "green")})
CLOCKS = mapping({"0": ("not known to be", "text"), "1": ("idle", "orange")})
# Words of labels: the severities of the alerts, and what the driver says of a GPU, of which "None" is the only good news.
SEVERITY = mapping({"critical": ("critical", "red"), "warning": ("warning", "orange"), "info": ("info", "blue")})
ACTION = [
    *mapping({"None": ("None", "green")}),
    {"type": "regex", "options": {"pattern": "(?!None$)(.+)", "result": {"text": "$1", "color": "red", "index": 1}}},
]
