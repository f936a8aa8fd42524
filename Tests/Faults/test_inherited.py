"""What a parent may leave behind: closed streams, ignored and blocked signals, a huge environment, open files."""

import itertools
import os
import re
import resource
import signal
import unittest

import tracing
from scene import Scene

# A descriptor of ours that a call gave: what open(2) returns, and both ends of a pipe.
GIVEN = re.compile(r"^(?:open\w*\(.*\) += |pipe2?\(\[)([0-9]+)<([^>]*)>(?:, ([0-9]+)<)?", re.MULTILINE)


class Inherited(unittest.TestCase):
    """Whatever it is, the run publishes as ever and says nothing."""

    def setUp(self):
        self.place = self.enterContext(Scene())
        self.place.plant()

    def expect_success(self, *options, **how):
        outcome = self.place.run(*options, **how)
        self.assertEqual((outcome.status, self.place.found(), self.place.neighbours()), (0, "new", []), outcome.stderr)
        self.assertEqual((outcome.stdout, outcome.stderr), (b"", ""))
        self.place.plant()

    def shell(self, line):
        """A prefix that runs the program from a line of shell, as `"$@"`."""
        return ["sh", "-c", line, "sh"]

    def test_closed_streams(self):
        """Neither a message nor a child's answer lands in the published file."""
        for count in range(1, 4):
            for streams in itertools.combinations("012", count):
                close = " ".join(f"{stream}{'<' if stream == '0' else '>'}&-" for stream in streams)
                with self.subTest(closed=close):
                    self.expect_success(prefix=self.shell(f'exec "$@" {close}'))

    def lands_on_streams(self, *injected):
        """What gets the number of a stream when all three are closed, but for /dev/null."""
        log = self.place.folder / "strace.log"
        strace = f"strace -y -o {log} -e trace=fcntl,open,openat,pipe,pipe2 {' '.join(injected)}"
        self.place.run(prefix=self.shell(f'exec {strace} "$@" <&- >&- 2>&-'))
        # Before the program asks which are closed the runtime opens files of its own, and closes them again.
        _, _, rest = log.read_text(encoding="utf-8").rpartition("F_GETFD")
        given = GIVEN.findall(rest)
        self.assertGreater(len(given), 10, "the program opened nothing")
        return {name for first, name, second in given if {first, second} & set("012") and name != "/dev/null"}

    def test_closed_streams_are_not_taken_by_files(self):
        """Nor by a pipe: a message would land there. With the question which are closed answered wrongly they are taken."""
        reason = tracing.why_not()
        if reason:
            self.skipTest(reason)
        self.assertEqual(self.lands_on_streams(), set())
        self.assertNotEqual(self.lands_on_streams("-e", "inject=fcntl:retval=0:when=1..3"), set())

    def test_closed_streams_and_something_to_say(self):
        self.place.script("exit 9")
        self.place.run(prefix=self.shell('exec "$@" <&- >&- 2>&-'))
        self.assertTrue(all(name.startswith("gpu_session_collector_") for name, _ in self.place.samples()))

    def test_ignored_signals(self):
        """A parent that ignores SIGCHLD has the kernel reap the children; SIGTERM must still end them."""
        ignored = [number for number in signal.valid_signals() if number not in (signal.SIGKILL, signal.SIGSTOP)]
        def ignore():
            for number in ignored:
                try:
                    signal.signal(number, signal.SIG_IGN)
                except OSError:
                    pass
        self.expect_success(preexec_fn=ignore)
        self.place.script("sleep 600")
        outcome = self.place.run("--timeout", "1", preexec_fn=ignore)
        self.assertEqual(outcome.status, 1)
        self.assertIn("gave no answer in time and was killed", outcome.stderr)

    def test_blocked_signals(self):
        self.expect_success(preexec_fn=lambda: signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals()))

    def test_huge_environment(self):
        """A megabyte and a half in variables, one of them as long as one may be."""
        variables = {f"VARIABLE_{number}": "x" * 1000 for number in range(1400)} | {"LONG": "y" * 130_000}
        self.expect_success(environment=variables)

    def test_environment_without_anything(self):
        keep = 'exec env -i GPU_SESSIONS_FIXTURE="$GPU_SESSIONS_FIXTURE" PATH=/usr/bin:/bin "$@"'
        self.expect_success(prefix=self.shell(keep))

    def test_many_open_files(self):
        """The children get none of them."""
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        files = [os.open("/dev/null", os.O_RDONLY) for _ in range(min(soft, 1000) - 200)]
        try:
            self.place.script(f'set -- "$@"; [ -e /proc/$$/fd/{files[-1]} ] && exit 7; exec "$REAL" "$@"')
            self.expect_success(pass_fds=files)
        finally:
            for file in files:
                os.close(file)
        self.assertEqual(resource.getrlimit(resource.RLIMIT_NOFILE), (soft, hard))

    def test_working_directory_that_is_gone(self):
        gone = self.place.folder / "gone"
        self.expect_success(prefix=self.shell(f'mkdir {gone} && cd {gone} && rmdir {gone} && exec "$@"'))

    def test_lowest_priority_and_strictest_umask(self):
        self.expect_success(prefix=self.shell('umask 777; exec nice -n 19 "$@"'))


if __name__ == "__main__":
    unittest.main()
