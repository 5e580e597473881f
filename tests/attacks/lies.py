"""Returning what is no value: none of it may come out."""
# ruff: noqa: F821

raise ImportError("These are attacks: they run in a sandbox only.")


def equal_to_everything():
    class Yes:
        def __eq__(self, other):
            return True

    return Yes()


def a_pickle():
    class Bomb:
        def __reduce__(self):
            return os.system, ("true",)

    return Bomb()


def objects_in_an_array():
    return np.array([object()])


def a_generator():
    yield 1


def a_function():
    return a_function


def a_list_that_holds_itself():
    x = []
    x.append(x)
    return x


def a_deep_list():
    x = []
    for _ in range(100_000):
        x = [x]
    return x


def a_huge_array():
    return np.zeros(200 << 20, "uint8")


def a_long_text():
    return "x" * (10 << 20)


def a_long_list():
    return list(range(1_000_000))


def a_long_number():
    return 10**4000


def a_date():
    return np.datetime64("2026-01-01")


def keys_that_are_no_names():
    return {(1, 2): 3}


def an_array_that_exits():
    class Exits:
        def __array__(self, dtype=None, copy=None):
            raise SystemExit

    return Exits()


def an_exit():
    sys.exit()


def an_exception_that_cannot_be_printed():
    class Mute(Exception):
        def __str__(self):
            raise KeyboardInterrupt

    raise Mute


def an_exception_that_says_much():
    raise ValueError("\x1b[2J" + "x" * (1 << 20))
