"""What nobody has seen of a real GPU yet, or on one driver only. A run settles what it can."""

OPEN = {
    "mig-values": "Does dmon with --gpm-options m print figures of MIG instances, and from which cycle on?",
    "mig-percent": "Is 100 % of a MIG instance the instance's, or the whole GPU's?",
    "mig-rights": "May another user than root read the figures of MIG instances?",
    "counters": "Are there the counters 248 and 249, also with the option m?",
    "idle-values": "What does dmon print of a device on which nothing runs: 0 or a dash?",
    "xml-names": "What does -q -x print of a name with markup or a line feed: is it still well-formed?",
    "pmon-format": "Does pmon know --format?",
    "mig-uuid": "Does -i take the UUID of a MIG instance?",
    "mps": "What do clients of MPS look like?",
}
