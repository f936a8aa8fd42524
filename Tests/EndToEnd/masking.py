"""Replaces what identifies a machine by something of the same length and form, the same by the same in every file."""

import hashlib
import itertools
import re
import string

ATTEMPTS = 1000
HEX = r"[0-9A-Fa-f]"
# UUIDs of devices and pods, the latter after `pod`, and with underscores in the names of slices; IDs of containers.
UUID = re.compile(rf"(?:(?<!{HEX})|(?<=pod)){HEX}{{8}}([-_]){HEX}{{4}}\1{HEX}{{4}}\1{HEX}{{4}}\1{HEX}{{12}}(?!{HEX})")
CONTAINER_ID = re.compile(rf"(?<!{HEX}){HEX}{{64}}(?!{HEX})")
PCI = re.compile(rf"\b(({HEX}{{8}}|{HEX}{{4}}):({HEX}{{2}}):({HEX}{{2}})\.({HEX}))\b")
HOME = re.compile(r"(/home/)([^/\s,]+)")
# Of a name that nvidia-smi's table cuts at its front, what stands before the last component: perhaps the rest of a /home.
CUT = re.compile(r"(?<= \.\.\.)[^|\s]*(?=/)")
# The whole of such a name.
CUT_TITLE = re.compile(r"(?<= \.\.\.)[^|\n]*?(?=\s+(?:\d+MiB|N/A)\s*\|)")
# What nvidia-smi -q says of one machine alone: serial numbers, and numbers that identify a GPU or its place.
SINGULAR = re.compile(
    r"((?:Serial(?: Number)?|GPU PDI|GPU Fabric GUID)\s*:\s*|<(?:serial|pdi|chassis_serial_number|gpu_fabric_guid)>)([0-9A-Za-z]+)(?=\s|<)")


class Mask:
    """One machine's replacements; with another salt they are others."""

    def __init__(self, salt, hosts=(), words=()):
        self.salt = salt
        self.taken = {}
        # Whole words only, the longest first: a short host name may be part of another word.
        self.words, self.titles = [], set()
        # Texts whose ends are not masked where the table cuts them.
        self.kept = set()
        self.add_words({*hosts, *words})

    def add_words(self, words):
        """More names to replace, from now on."""
        self.words = sorted({*self.words, *words} - {"", "localhost"}, key=len, reverse=True)

    def add_title(self, title):
        """A command line of which nvidia-smi's table may show the end only."""
        self.titles |= {title} - {""}

    def stream(self, text, attempt):
        """Numbers that the text decides, as many as are wanted."""
        for count in itertools.count():
            yield from hashlib.sha256(self.salt + f"{attempt} {count} {text}".encode(errors="surrogateescape")).digest()

    def attempt(self, text, alphabets, attempt):
        """Each character by one of its own kind; what is of no kind stays."""
        numbers, found = self.stream("".join(filter(str.isalnum, text)).lower(), attempt), []
        for character in text:
            alphabet = next((kind for kind in alphabets if character in kind), None)
            found.append(alphabet[next(numbers) % len(alphabet)] if alphabet else character)
        return "".join(found)

    def replaced(self, text, alphabets=(string.digits, "abcdef", "ABCDEF")):
        """Something else, and never the same for two: two short texts could come out alike."""
        plain = "".join(filter(str.isalnum, text)).lower()
        for attempt in range(ATTEMPTS):
            found = self.attempt(text, alphabets, attempt)
            other = "".join(filter(str.isalnum, found)).lower()
            if other != plain and self.taken.setdefault(other, plain) == plain:
                break
        return found

    def name(self, text):
        """A name of people or machines."""
        return self.replaced(text, (string.digits, string.ascii_lowercase, string.ascii_uppercase))

    def bus(self, digits):
        """The bus, in the letter case that it had."""
        return self.replaced(digits)

    def pci(self, match):
        """The address: the device's own number is on every machine 0, so it stays, and so does the domain."""
        _, domain, bus, device, function = match.groups()
        return f"{domain}:{self.bus(bus)}:{device}.{function}"

    def end_of_title(self, match):
        """What the table shows of a name that it cuts, if it is a part of one of the titles."""
        return self.name(match[0]) if any(match[0] in title for title in self.titles) else match[0]

    def cut_path(self, match):
        """The directories that are left of a name that the table cuts."""
        return match[0] if any(match[0] in text for text in self.kept) else self.name(match[0])

    def path(self, text):
        """The path of a file. In it names stand between underscores, too."""
        return self.text(text, beside="A-Za-z0-9")

    def text(self, text, beside="A-Za-z0-9_.-"):
        """The text of one file; a word counts where none of the characters of `beside` stands beside it."""
        text = PCI.sub(self.pci, text)
        text = SINGULAR.sub(lambda match: match[1] + self.name(match[2]), text)
        for form in (UUID, CONTAINER_ID):
            text = form.sub(lambda match: self.replaced(match[0]), text)
        text = HOME.sub(lambda match: match[1] + self.name(match[2]), text)
        text = CUT_TITLE.sub(self.end_of_title, text)
        text = CUT.sub(self.cut_path, text)
        for word in filter(text.__contains__, self.words):
            text = re.sub(rf"(?<![{beside}]){re.escape(word)}(?![{beside}])", self.name(word), text)
        return text
