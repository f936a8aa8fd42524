"""Which archives and objects have bytes in an executable: read from the map that lld wrote when it linked it.

Strings and constants that lld has merged are its own there. An archive of which nothing else is left is not found.
"""

import pathlib
import re

HEADER = re.compile(r" *VMA +LMA +Size +Align Out +In +Symbol$")
# Address, load address, size and alignment, then in the second of three columns `archive(member):(section)` or
# `object:(section)`.
INPUT = re.compile(r" *([0-9a-f]+) +[0-9a-f]+ +([0-9a-f]+) +\d+ {9}(?P<path>[^ <].*?)(\([^()]*\))?:\(.*\)$")


class MapError(Exception):
    pass


def paths(lines):
    """Every path of which something is in memory when the executable runs: not what strip takes, nor what is empty."""
    found = set()
    for line in lines:
        match = INPUT.match(line)
        if match and int(match[1], 16) and int(match[2], 16):
            found.add(match["path"])
    return found


def read(file, build):
    """Paths of all that was linked but the project's own objects, which are below `build`."""
    lines = pathlib.Path(file).read_text(encoding="utf-8", errors="replace").splitlines()
    if not lines or not HEADER.match(lines[0]):
        raise MapError(f"{file} is not a link map of lld")
    found = {pathlib.Path(path).resolve() for path in paths(lines)}
    own = {path for path in found if path.is_relative_to(pathlib.Path(build).resolve())}
    if not own:
        raise MapError(f"{file} has no object below {build}")
    return sorted(found - own)
