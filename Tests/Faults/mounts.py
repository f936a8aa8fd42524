"""File systems of our own, in a mount namespace of our own: none of them outlives this process."""

import contextlib
import ctypes
import os
import subprocess
import unittest

CLONE_NEWNS = 0x00020000


def enter_namespace():
    """From now on what is mounted here is seen by this thread and its children only; skips where that is refused."""
    if os.geteuid() != 0:
        raise unittest.SkipTest("not root: nothing can be mounted")
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNS) != 0:
        raise unittest.SkipTest(f"no mount namespace: {os.strerror(ctypes.get_errno())}")
    command("mount", "--make-rprivate", "/")


def command(*arguments):
    """A command that has to succeed; skips with what it says where it does not."""
    done = subprocess.run(arguments, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        raise unittest.SkipTest(f"{' '.join(map(str, arguments))}: {done.stderr.strip()}")


@contextlib.contextmanager
def hanging(directory):
    """A FUSE file system that nobody serves: whoever looks into the directory waits until the block ends."""
    try:
        device = os.open("/dev/fuse", os.O_RDWR)
    except OSError as error:
        raise unittest.SkipTest(f"/dev/fuse: {error.strerror}") from error
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        options = f"fd={device},rootmode=40755,user_id=0,group_id=0,allow_other"
        if libc.mount(b"hanging", str(directory).encode(), b"fuse", 0, options.encode()) != 0:
            raise unittest.SkipTest(f"no FUSE mount: {os.strerror(ctypes.get_errno())}")
        try:
            yield
        finally:
            subprocess.run(["umount", "-l", str(directory)], check=True)
    finally:
        # Ends every wait.
        os.close(device)


@contextlib.contextmanager
def mounted(directory, *arguments):
    """Mounts something on the directory as long as the block lasts."""
    command("mount", *arguments, str(directory))
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(directory)], check=True)
