"""Using up the machine, or ending badly: the last line says how it must end."""
# ruff: noqa: F821

raise ImportError("These are attacks: they run in a sandbox only.")


def loop_for_ever():
    while True:
        pass


def loop_and_ignore_all_signals():
    for number in (1, 2, 3, 14, 15, 24):
        signal.signal(number, signal.SIG_IGN)
    while True:
        with contextlib.suppress(BaseException):
            time.sleep(9)


def stop_itself():
    os.kill(os.getpid(), signal.SIGSTOP)
    time.sleep(60)


def fork_without_end():
    while True:
        with contextlib.suppress(OSError):
            os.fork()


def fork_without_end_in_sessions_of_their_own():
    while True:
        with contextlib.suppress(OSError):
            if os.fork() == 0:
                os.setsid()


def take_memory_in_many_processes():
    for _ in range(8):
        if os.fork() == 0:
            x = np.ones(4 << 20)
            time.sleep(60 + x[0])
    time.sleep(60)


def take_memory_that_is_shared():
    x = mmap.mmap(-1, 1 << 28)
    for i in range(0, 1 << 28, 4096):
        x[i] = 1
    time.sleep(60)


def end_at_once():
    os._exit(0)


def abort():
    os.abort()


def crash():
    ctypes.string_at(8)


def close_the_pipes():
    os.closerange(3, 300)


def kill_itself():
    os.kill(os.getpid(), 9)  # the first process of a namespace is deaf to itself
    os._exit(0)


def write_noise():
    os.write(201, b"\xff" * 100)


def report_a_cell_that_is_not():
    values.write(201, {"cell": "no such cell"})


def report_without_end():
    while True:
        values.write(201, {"cell": "goals", "text": "x" * 99999})


def report_strange_things():
    pictures = [1, np.ones(2), np.zeros(9, "uint8")]
    strange = {"status": np.ones(2), "error": 1, "text": {}, "pictures": pictures}
    values.write(201, {"cell": "goals", **strange})
    values.write(201, np.ones(3))
