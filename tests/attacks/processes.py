"""Reaching other processes and more rights: each returns something true on success."""
# ruff: noqa: F821, SIM115

raise ImportError("These are attacks: they run in a sandbox only.")


def kill_a_process():
    os.kill(VICTIM, 9)


def kill_the_grader():
    os.kill(GRADER, 9)


def kill_all():
    os.kill(-1, 9)


def kill_the_parent():
    parent = os.getppid()
    os.kill(parent, 9)
    return parent > 1


def trace_a_process():
    return libc.ptrace(16, VICTIM, 0, 0) == 0


def trace_the_parent():
    return libc.ptrace(16, os.getppid() or 1, 0, 0) == 0


def read_a_variable_of_a_process():
    return "COURSE_CANARY" in open(f"/proc/{VICTIM}/environ").read()


def read_all_variables():
    found = [str(os.environ)]
    for pid in range(1, 33000):
        with contextlib.suppress(OSError):
            found.append(open(f"/proc/{pid}/environ").read())
    return "COURSE_CANARY" in " ".join(found)


def see_anything_of_others():
    found = []
    for pid in range(1, 33000):
        for name in ("mem", "cmdline", "fd/0"):
            if pid != os.getpid():
                with contextlib.suppress(OSError):
                    os.close(os.open(f"/proc/{pid}/{name}", os.O_RDONLY))
                    found.append(f"/proc/{pid}/{name}")
    return found[:9]


def slow_the_grader_down():
    os.sched_setscheduler(GRADER, os.SCHED_IDLE, os.sched_param(0))
    return True


def limit_the_grader():
    resource.prlimit(GRADER, resource.RLIMIT_NOFILE, (3, 3))
    return True


def raise_the_limits():
    resource.setrlimit(resource.RLIMIT_NPROC, (9999, 9999))
    return True


def become_root():
    os.setuid(0)
    return True


def become_root_by_a_program():
    return subprocess.run(["su", "-c", "true"], timeout=5).returncode == 0


def have_rights():
    reading_is_landlocked = 1 << 2
    found = []
    for line in open("/proc/self/status"):
        name, _, value = line.partition(":")
        if name in ("CapEff", "CapPrm", "CapBnd", "CapAmb"):
            found += [line] if int(value, 16) & ~reading_is_landlocked else []
        if name in ("NoNewPrivs", "Seccomp"):
            found += [line] if int(value) == 0 else []
    return found


def type_on_the_terminal():
    import fcntl

    fcntl.ioctl(0, 0x5412, b"x")
    return True


def hold_what_belongs_to_the_grader():
    names = set()
    for number in range(3, 300):
        with contextlib.suppress(OSError):
            names.add(os.readlink(f"/proc/self/fd/{number}").split(":")[0])
    return sorted(names - {"pipe", "/dev/null"})
