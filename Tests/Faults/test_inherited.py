"""What a parent may leave behind: closed streams, ignored and blocked signals, a huge environment, open files."""

import itertools
import os
import resource
import signal
import unittest

from scene import Scene


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
        keep = f'exec env -i GPU_SESSIONS_FIXTURE="$GPU_SESSIONS_FIXTURE" PATH=/usr/bin:/bin "$@"'
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
