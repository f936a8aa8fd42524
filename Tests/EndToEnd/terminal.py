"""A program on a pseudo-terminal, and what it has drawn there."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time

SEQUENCE = re.compile(r"\x1b\[(\?)?(\d*)([A-Za-z])")
LIMIT_SECONDS = 20


class Screen:
    """The alternate screen of a terminal that knows only what the program is to use; anything else is an error."""

    def __init__(self, columns, rows):
        self.size = columns, rows
        self.modes = {"25": True, "7": True, "1049": False}
        self.lines, self.row, self.column = {}, 0, 0
        self.normal = ""

    def feed(self, text):
        """Obeys the text, which must not end within a sequence."""
        place = 0
        while place < len(text):
            match = SEQUENCE.match(text, place)
            if match:
                self.obey(*match.groups())
                place = match.end()
                continue
            if text[place] == "\x1b":
                raise ValueError(f"no known sequence: {text[place:place + 12]!r}")
            self.put(text[place])
            place += 1

    def obey(self, private, number, letter):
        """One control sequence."""
        if private and number in self.modes and letter in "hl":
            self.modes[number] = letter == "h"
        elif letter == "H" and not number:
            self.row, self.column = 0, 0
        elif letter == "K":
            self.lines[self.row] = self.lines.get(self.row, "")[: self.column]
        elif letter == "J":
            self.lines = {row: line for row, line in self.lines.items() if row < self.row and number != "2"}
        elif letter != "m":
            raise ValueError(f"no known sequence: {private}{number}{letter}")

    def put(self, character):
        """One character at the cursor."""
        if not self.modes["1049"]:
            self.normal += character
        elif character == "\r":
            self.column = 0
        elif character == "\n":
            self.row += 1
        else:
            line = self.lines.get(self.row, "").ljust(self.column)
            self.lines[self.row] = line[: self.column] + character + line[self.column + 1:]
            self.column += 1

    @property
    def text(self):
        """The lines from the top, as far as the screen has room."""
        columns, rows = self.size
        shown = range(min(rows, max(self.lines, default=-1) + 1))
        return "\n".join(self.lines.get(row, "")[:columns].rstrip() for row in shown)


class Terminal:
    """A program that runs on a pseudo-terminal of its own."""

    def __init__(self, command, environment, columns, rows, stdin=None):
        self.master, slave = pty.openpty()
        self.resize(columns, rows)
        self.screen, self.raw = Screen(columns, rows), b""
        # A session of its own with this terminal: Ctrl-C is SIGINT for the program.
        self.process = subprocess.Popen(
            command, env=environment, stdin=stdin or slave, stdout=slave, stderr=slave, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(1, termios.TIOCSCTTY, 0))
        os.close(slave)

    @property
    def keys(self):
        """What the terminal does with keys: whether it shows them, and which are special."""
        _, _, _, local, _, _, special = termios.tcgetattr(self.master)
        return bool(local & termios.ECHO), special

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
        os.close(self.master)

    def resize(self, columns, rows):
        """Gives the terminal another size."""
        self.size = columns, rows
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def type(self, keys):
        """Presses keys."""
        os.write(self.master, keys)

    def read(self, seconds):
        """Reads what comes within the time; whether there is more to come."""
        if not select.select([self.master], [], [], seconds)[0]:
            return True
        try:
            data = os.read(self.master, 65536)
        except OSError:
            return False
        self.raw += data
        return bool(data)

    def draw(self):
        """Draws anew what came until now, as far as it is whole characters and sequences."""
        self.screen = Screen(*self.size)
        text = self.raw.decode("utf-8", "ignore")
        self.screen.feed(re.sub(r"\x1b(\[\??\d*)?$", "", text))
        return self.screen.text

    def wait_for(self, condition):
        """Waits until the condition holds of the text on the screen, and returns that text."""
        end = time.monotonic() + LIMIT_SECONDS
        while time.monotonic() < end:
            more = self.read(0.1)
            text = self.draw()
            if condition(text):
                return text
            if not more:
                break
        raise AssertionError(f"this did not come; on the screen is:\n{self.draw()}\n{self.screen.normal}")

    def wait_for_end(self):
        """Waits until the program ends, and returns its exit status."""
        while self.read(LIMIT_SECONDS):
            if self.process.poll() is not None and not select.select([self.master], [], [], 0.1)[0]:
                break
        self.draw()
        return self.process.wait(LIMIT_SECONDS)
