"""The plan of the floor has all that the collector asked for, each thing once, and nothing else."""

import unittest

import plan

ROOT, OUTPUT = "/node/root", "/node/output/gpu_sessions.prom"
BEFORE = [("O", plan.HERE, plan.ROOT, (ROOT,)), ("O", plan.ROOT, plan.PROC, ("proc",))]
ASKED = {11: ["/stub", "-L"], 12: ["/stub"], 13: ["/stub", "pmon"]}


def derived(text):
    """The records of a trace as `strace -y` writes it, without those that every plan begins with."""
    lines = [line.strip() for line in text.strip().splitlines()]
    records = plan.derive(lines, ASKED.__getitem__, ROOT, OUTPUT)
    assert records[:2] == BEFORE
    return records[2:]


class Files(unittest.TestCase):
    def test_a_process_is_read_below_its_directory(self):
        self.assertEqual(derived("""
            openat(AT_FDCWD</home>, "/node/root/proc/7", O_RDONLY|O_CLOEXEC|O_DIRECTORY) = 3</node/root/proc/7>
            openat(3</node/root/proc/7>, "stat", O_RDONLY) = 4</node/root/proc/7/stat>
            newfstatat(4</node/root/proc/7/stat>, "", {st_mode=S_IFREG|0644, st_size=3, ...}, AT_EMPTY_PATH) = 0
            close(4</node/root/proc/7/stat>) = 0
            openat(3</node/root/proc/7>, "cgroup", O_RDONLY) = 4</node/root/proc/7/cgroup>
            close(4</node/root/proc/7/cgroup>) = 0
            close(3</node/root/proc/7>)             = 0
            openat(AT_FDCWD</home>, "/node/root/proc/uptime", O_RDONLY) = 3</node/root/proc/uptime>
            close(3</node/root/proc/uptime>)        = 0"""),
            [("O", plan.PROC, 3, ("7",)), ("F", 3, 0, ("stat",)), ("F", 3, 0, ("cgroup",)), ("C", 3, 0, ()),
             ("F", plan.PROC, 0, ("uptime",))])

    def test_a_directory_for_the_sake_of_one_name_is_not_opened(self):
        self.assertEqual(derived("""
            openat(AT_FDCWD</home>, "/node/root/proc/7", O_RDONLY|O_DIRECTORY) = 3</node/root/proc/7>
            openat(3</node/root/proc/7>, "stat", O_RDONLY) = 4</node/root/proc/7/stat>
            close(4</node/root/proc/7/stat>) = 0
            close(3</node/root/proc/7>) = 0"""), [("F", plan.PROC, 0, ("7/stat",))])

    def test_what_is_asked_twice_is_done_once(self):
        self.assertEqual(derived("""
            openat(AT_FDCWD</home>, "/node/root/etc/passwd", O_RDONLY) = 3</node/root/etc/passwd>
            close(3</node/root/etc/passwd>) = 0
            openat(AT_FDCWD</home>, "/node/root/etc/../etc/passwd", O_RDONLY) = 3</node/root/etc/passwd>
            close(3</node/root/etc/passwd>) = 0
            openat(AT_FDCWD</home>, "/node/root/etc", O_RDONLY|O_DIRECTORY) = 3</node/root/etc>
            close(3</node/root/etc>) = 0
            openat(AT_FDCWD</home>, "/node/root/etc", O_RDONLY|O_DIRECTORY) = 3</node/root/etc>
            openat(3</node/root/etc>, "passwd", O_RDONLY) = 4</node/root/etc/passwd>
            close(4</node/root/etc/passwd>) = 0
            close(3</node/root/etc>) = 0"""),
            [("F", plan.ROOT, 0, ("etc/passwd",)), ("O", plan.ROOT, 3, ("etc",)), ("C", 3, 0, ())])

    def test_steps_on_the_way_to_a_file_are_not_taken(self):
        self.assertEqual(derived("""
            openat(AT_FDCWD</home>, "/node/root", O_RDONLY|O_CLOEXEC|O_PATH|O_DIRECTORY) = 3</node/root>
            openat(3</node/root>, "var", O_RDONLY|O_NOFOLLOW|O_CLOEXEC|O_PATH|O_DIRECTORY) = 4</node/root/var>
            openat(4</node/root/var>, "log", O_RDONLY|O_NOFOLLOW|O_CLOEXEC|O_PATH|O_DIRECTORY) = 5</node/root/var/log>
            openat(5</node/root/var/log>, ".", O_RDONLY|O_CLOEXEC|O_DIRECTORY) = 6</node/root/var/log>
            getdents64(6</node/root/var/log>, 0x21 /* 2 entries */, 32768) = 48
            close(6</node/root/var/log>) = 0
            readlinkat(5</node/root/var/log>, "a", "/x"..., 4097) = 2
            openat(4</node/root/var>, "run", O_RDONLY|O_NOFOLLOW|O_CLOEXEC|O_PATH|O_DIRECTORY) = -1 ENOENT (No such file or directory)
            close(5</node/root/var/log>) = 0
            openat(4</node/root/var>, "b", O_RDONLY|O_NOFOLLOW) = 5</node/root/var/b>
            close(5</node/root/var/b>) = 0
            close(4</node/root/var>) = 0"""),
            [("O", plan.ROOT, 6, ("var/log",)), ("G", 6, 0, ()), ("C", 6, 0, ()), ("L", plan.ROOT, 0, ("var/log/a",)),
             ("N", plan.ROOT, 0, ("var/run",)), ("F", plan.ROOT, 0, ("var/b",))])

    def test_what_is_absent_is_looked_for(self):
        self.assertEqual(derived("""
            openat(AT_FDCWD</home>, "/node/root/run/a", O_RDONLY|O_DIRECTORY) = -1 ENOENT (No such file or directory)
            readlinkat(AT_FDCWD</home>, "/node/root/run/b", 0x7ffe, 4097) = -1 ENOENT (No such file or directory)
            newfstatat(AT_FDCWD</home>, "/node/root/run/c", {st_mode=S_IFDIR|0755, ...}, 0) = 0"""),
            [("N", plan.ROOT, 0, ("run/a",)), ("N", plan.ROOT, 0, ("run/b",)), ("T", plan.ROOT, 0, ("run/c",))])

    def test_a_directory_is_listed_once_to_its_end_and_its_links_are_read(self):
        self.assertEqual(derived("""
            openat(AT_FDCWD</home>, "/node/root/var", O_RDONLY|O_DIRECTORY) = 3</node/root/var>
            getdents64(3</node/root/var>, 0x21 /* 294 entries */, 32768) = 32752
            getdents64(3</node/root/var>, 0x21 /* 0 entries */, 32768) = 0
            readlinkat(3</node/root/var>, "a.log", "/var/log/pods/a"..., 4097) = 80
            close(3</node/root/var>) = 0"""),
            [("O", plan.ROOT, 3, ("var",)), ("G", 3, 0, ()), ("L", 3, 0, ("a.log",)), ("C", 3, 0, ())])

    def test_what_is_not_the_nodes_is_left_out(self):
        self.assertEqual(derived("""
            openat(AT_FDCWD</home>, "/proc/self/maps", O_RDONLY) = 3</proc/1/maps>
            close(3</proc/1/maps>) = 0
            openat(AT_FDCWD</home>, "/node/rootless", O_RDONLY) = 3</node/rootless>
            readlink("/proc/self/exe", "/program", 4096) = 8"""), [])


class Children(unittest.TestCase):
    def test_two_waves_are_two_waves(self):
        self.assertEqual(derived("""
            clone3({flags=CLONE_VM|CLONE_VFORK, exit_signal=SIGCHLD, stack=0x7f, stack_size=0x9000}, 88) = 11
            clone3({flags=CLONE_VM|CLONE_VFORK, exit_signal=SIGCHLD, stack=0x7f, stack_size=0x9000}, 88) = 12
            waitid(P_PID, 11, {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=11}, WNOHANG|WEXITED|WNOWAIT, NULL) = 0
            wait4(11, 0x7ffe, WNOHANG, NULL) = 0
            openat(AT_FDCWD</home>, "/node/root/a", O_RDONLY) = 3</node/root/a>
            wait4(11, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], WNOHANG, NULL) = 11
            wait4(12, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], WNOHANG, NULL) = 12
            clone3({flags=CLONE_VM|CLONE_VFORK, exit_signal=SIGCHLD, stack=0x7f, stack_size=0x9000}, 88) = 13"""),
            [("S", 0, 2, ("/stub", "-L")), ("S", 0, 1, ("/stub",)), ("F", plan.ROOT, 0, ("a",)), ("W", 0, 0, ()),
             ("S", 0, 2, ("/stub", "pmon")), ("W", 0, 0, ())])


    def test_a_thread_is_no_child(self):
        self.assertEqual(derived("""
            clone3({flags=CLONE_VM|CLONE_FS|CLONE_THREAD|CLONE_SETTLS, exit_signal=0, stack=0x7f} => {parent_tid=[11]}, 88) = 11
            openat(AT_FDCWD</home>, "/node/root/a", O_RDONLY) = 3</node/root/a>"""), [("F", plan.ROOT, 0, ("a",))])


class Output(unittest.TestCase):
    def test_as_many_bytes_are_published_under_another_name(self):
        self.assertEqual(derived("""
            openat(AT_FDCWD</home>, "/node/output", O_RDONLY|O_DIRECTORY) = 3</node/output>
            unlinkat(3</node/output>, ".gpu_sessions.prom.tmp", 0) = -1 ENOENT (No such file or directory)
            openat(3</node/output>, ".gpu_sessions.prom.lock", O_RDWR|O_CREAT|O_EXCL, 0600) = 5</node/output/.lock>
            openat(3</node/output>, ".gpu_sessions.prom.tmp", O_WRONLY|O_CREAT|O_EXCL, 0600) = 4</node/output/.gpu>
            write(2</dev/null>, "warning"..., 7) = 7
            write(4</node/output/.gpu>, "# HELP"..., 100) = 60
            write(4</node/output/.gpu>, "# HELP"..., 40) = 40
            close(4</node/output/.gpu>) = 0
            renameat(3</node/output>, ".gpu_sessions.prom.tmp", 3</node/output>, "gpu_sessions.prom") = 0
            close(3</node/output>) = 0"""),
            [("O", plan.HERE, 3, ("/node/output",)), ("P", 3, 0, (".floor.prom.tmp", "floor.prom", "100")), ("C", 3, 0, ())])

    def test_a_record_is_a_letter_two_numbers_and_texts(self):
        self.assertEqual(plan.encoded([("F", 3, 0, ("stat",)), ("C", 3, 0, ()), ("S", 0, 2, ("/stub", "-L"))]),
                         b"F\3\0stat\0C\3\0S\0\2/stub\0-L\0")


if __name__ == "__main__":
    unittest.main()
