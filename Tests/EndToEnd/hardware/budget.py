"""How long a check may take: all of it, and each part."""

import contextlib
import time

# No call is worth starting with less, in seconds.
LEAST = 0.5


class OutOfTime(Exception):
    """The part, or the whole check, has used its time."""


class NotHere(Exception):
    """This machine lacks what the part needs; what."""


class Budget:
    """Seconds for everything; the clock is passed in so that tests need not wait."""

    def __init__(self, seconds, clock=time.monotonic):
        self.clock = clock
        self.start = clock()
        self.end = self.part_end = self.start + seconds

    def spent(self):
        """Seconds since the beginning."""
        return self.clock() - self.start

    def left(self):
        """Seconds that the present part still has."""
        return min(self.end, self.part_end) - self.clock()

    def is_used(self):
        """Whether nothing is left for any part."""
        return self.end - self.clock() < LEAST

    @contextlib.contextmanager
    def part(self, seconds):
        """While a part runs: it has so long, or what is left of everything."""
        self.part_end = self.clock() + seconds
        try:
            yield
        finally:
            self.part_end = self.end

    def limit(self, wanted):
        """The limit of one call: what it wants, or less if the part has less."""
        if self.left() < LEAST:
            raise OutOfTime
        return min(wanted, self.left())
