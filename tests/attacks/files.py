"""Reading and writing what is not theirs: each returns something true on success."""
# ruff: noqa: F821

raise ImportError("These are attacks: they run in a sandbox only.")


def read_a_file():
    return "canary" in open(CANARY).read()


def list_a_folder():
    return os.listdir(os.path.dirname(CANARY))


def read_the_users():
    return open("/etc/passwd").read()


def read_the_name_of_the_host():
    return open("/etc/hostname").read()


def list_the_solutions():
    return os.listdir(KIT + "/solutions")


def read_a_solution():
    return open(KIT + "/solutions/04_dense.py").read()


def read_a_test():
    return open(KIT + "/tests/test_attacks.py").read()


def read_the_history():
    return os.listdir(KIT + "/.git")


def list_the_home():
    return os.listdir("/root") + os.listdir("/home")


def write_a_file():
    return open(CANARY, "a").write("!")


def truncate_a_file():
    os.truncate(CANARY, 0)
    return True


def make_a_file_beside_it():
    return open(CANARY + "2", "w").write("!")


def remove_a_file():
    os.unlink(CANARY)
    return True


def rename_a_file():
    os.rename(CANARY, CANARY + "2")
    return True


def close_a_file_to_all():
    os.chmod(CANARY, 0)
    return True


def own_a_file():
    os.chown(CANARY, os.getuid(), os.getgid())
    return True


def date_a_file():
    os.utime(CANARY, (0, 0))
    return True


def follow_a_symbolic_link():
    os.symlink(CANARY, "x")
    return open("x").read()


def follow_a_link_to_the_root():
    os.symlink("/", "x")
    return open("x" + CANARY).read()


def take_a_hard_link():
    os.link(CANARY, "x")
    return open("x").read()


def write_to_numpy():
    return open(np.__file__, "a").write("#")


def write_to_the_kit():
    return open(values.__file__, "a").write("#")


def write_to_python():
    return open("/proc/self/exe", "r+b").write(b"#")


def write_to_the_system():
    return open("/usr/bin/x", "w").write("#")


def make_a_device():
    os.mknod("x", 0o20666, os.makedev(1, 1))
    return open("x", "rb").read(1)


def read_the_disk():
    for name in ("sda", "vda", "nvme0n1", "mem", "kmsg"):
        with contextlib.suppress(OSError):
            return open(f"/dev/{name}", "rb").read(1)
    return False


def open_the_terminal():
    return bool(open("/dev/tty", "w"))


def use_a_folder_that_stayed_open():
    found = []
    for number in range(3, 300):
        with contextlib.suppress(OSError):
            os.stat("..", dir_fd=number)
            found.append(number)
    return found


def change_how_cores_are_dumped():
    return open("/proc/sys/kernel/core_pattern", "w").write("|/bin/sh")


def pull_the_lever_of_the_machine():
    return open("/proc/sysrq-trigger", "w").write("b")


def watch_the_folder_of_the_grader():
    watch = libc.inotify_init1(0)
    folder = os.path.dirname(CANARY).encode()
    return libc.inotify_add_watch(watch, folder, 0xFFF) > 0
