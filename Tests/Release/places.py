"""Two copies of this working tree that have as little in common as can be, and a release built in each."""

import os
import pathlib
import shutil
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
# The time of the commit that all copies are said to be of.
EPOCH, REVISION = "1700000000", "0123456789abcdef0123456789abcdef01234567"
HOMEPAGE = "https://git.example/somebody/gpu-sessions"


def sources():
    """Every file that git has or would take, here as it is now."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return sorted(name for name in set(listed.split("\0")) - {""} if (ROOT / name).exists())


def copy(target, names, mode, modified=None):
    """The files in the order given, readable by those whom `mode` lets."""
    for name in names:
        source, file = ROOT / name, target / name
        file.parent.mkdir(parents=True, exist_ok=True)
        if source.is_symlink():
            file.symlink_to(os.readlink(source))
            continue
        shutil.copyfile(source, file)
        file.chmod((0o777 if os.access(source, os.X_OK) else 0o666) & mode)
        if modified:
            os.utime(file, (modified, modified))
    (target / ".build").mkdir()
    (target / ".build/tools").symlink_to(ROOT / ".build/tools")


def release(place, home, processors, umask, **environment):
    """Runs `make release` there; the directory of what it made, and how many seconds it took."""
    home.mkdir()
    began = time.monotonic()

    def begin():
        os.umask(umask)
        os.sched_setaffinity(0, processors)

    settings = {"PATH": os.environ["PATH"], "HOME": str(home), "SOURCE_DATE_EPOCH": EPOCH, "REVISION": REVISION, "HOMEPAGE": HOMEPAGE}
    result = subprocess.run(["make", "release"], cwd=place, env=settings | environment, preexec_fn=begin, capture_output=True, text=True)
    if result.returncode != 0:
        raise AssertionError(f"make release in {place}: {result.stdout}{result.stderr}")
    return place / ".build/dist", time.monotonic() - began


def two_releases(folder):
    """(directory, seconds) of each: other paths, order and age of files, modes, user, locale, time zone, processors."""
    here, there = folder / "a", folder / "somewhere-else/of-another-length/b"
    names, all_processors = sources(), os.sched_getaffinity(0)
    copy(here, names, 0o755)
    copy(there, reversed(names), 0o700, modified=1_000_000_000)
    temporary = folder / "temporary"
    temporary.mkdir()
    first = release(here, folder / "home", all_processors, 0o022, USER="root", LC_ALL="C", TZ="UTC")
    second = release(
        there, folder / "another-home", {min(all_processors)}, 0o077, USER="somebody", LOGNAME="somebody",
        LANG="C.UTF-8", LC_ALL="C.UTF-8", LC_COLLATE="C.UTF-8", TZ="Asia/Seoul", TMPDIR=str(temporary))
    return first, second
