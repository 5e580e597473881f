"""Reaching others: each returns something true on success."""
# ruff: noqa: F821

raise ImportError("These are attacks: they run in a sandbox only.")


def tcp():
    return greeted(socket.create_connection(("127.0.0.1", PORT), 1))


def tcp_by_another_protocol():
    line = socket.socket(socket.AF_INET, socket.SOCK_STREAM, 262)
    line.connect(("127.0.0.1", PORT))
    return greeted(line)


def tcp_by_a_fast_opening():
    line = socket.socket()
    line.sendto(b"x", socket.MSG_FASTOPEN, ("127.0.0.1", PORT))
    return greeted(line)


def udp():
    line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    return line.sendto(b"x", ("127.0.0.1", PORT))


def an_abstract_socket():
    line = socket.socket(socket.AF_UNIX)
    line.connect("\0course-canary")
    return greeted(line)


def a_socket_file():
    line = socket.socket(socket.AF_UNIX)
    line.connect(os.path.dirname(CANARY) + "/streams")
    return greeted(line)


def a_socket_file_from_a_pair_of_datagrams():
    line, _ = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    return line.sendto(b"x", os.path.dirname(CANARY) + "/datagrams")


def a_socket_file_from_a_pair_of_streams():
    line, _ = socket.socketpair()
    line.connect(os.path.dirname(CANARY) + "/streams")
    return greeted(line)


def any_family_of_sockets():
    found = []
    for family in range(1, 46):
        for kind in (1, 2, 3, 5):
            with contextlib.suppress(OSError):
                socket.socket(family, kind).close()
                found.append((family, kind))
    return found


def a_program_of_the_system():
    code = f"exec 3<>/dev/tcp/127.0.0.1/{PORT} && cat <&3"
    run = subprocess.run(["bash", "-c", code], capture_output=True, timeout=5)
    return b"canary" in run.stdout
