"""Child processes that end in time, whatever they do: their output goes to files, and one that cannot be killed is left."""

import dataclasses
import os
import signal
import subprocess
import tempfile
import time

# Of each stream, in bytes.
OUTPUT_LIMIT = 4 << 20
# How long a killed process may take to go, in seconds. One in an uninterruptible call never does.
GRACE = 2
NOBODY = 65534


@dataclasses.dataclass(frozen=True)
class Answer:
    """What a command said. `status` is None if it did not end in time; a byte that is no UTF-8 is a surrogate."""

    command: tuple
    status: int | None
    out: str
    err: str
    seconds: float


class Child:
    """A command that runs, in a process group of its own."""

    def __init__(self, command, environment, as_nobody=False):
        other = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if as_nobody else {}
        self.command = tuple(map(str, command))
        self.files = tempfile.TemporaryFile(), tempfile.TemporaryFile()
        self.begin = time.monotonic()
        self.process = subprocess.Popen(self.command, env=environment, stdin=subprocess.DEVNULL, stdout=self.files[0],
                                        stderr=self.files[1], start_new_session=True, **other)

    def kill(self):
        """Ends the group."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(GRACE)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            pass

    def abandon(self):
        """Ends the group; nobody will ask what it said."""
        self.kill()
        for file in self.files:
            file.close()

    def finish(self, limit):
        """Waits so many seconds at most for its end."""
        status = None
        try:
            status = self.process.wait(limit)
        except subprocess.TimeoutExpired:
            pass
        finally:
            seconds = time.monotonic() - self.begin
            if status is None:
                self.kill()
        return Answer(self.command, status, *map(self.read, self.files), seconds)

    @staticmethod
    def read(file):
        """The text of one stream."""
        with file:
            file.seek(0)
            return file.read(OUTPUT_LIMIT).decode(errors="surrogateescape")
