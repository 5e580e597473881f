"""Changing whoever might check: it lasts as long as the submission."""
# ruff: noqa: F821

raise ImportError("These are attacks: they run in a sandbox only.")


def patch_comparisons():
    import builtins

    np.testing.assert_allclose = np.allclose = lambda *a, **k: True
    builtins.all = builtins.any = lambda x: True


def patch_the_codec():
    import json

    values.pack = values._tree = lambda *a: sys.exit()
    json.dumps = lambda *a, **k: "1"


def patch_the_time():
    time.time = time.monotonic = lambda: 0.0


def transform_the_syntax():
    import ast

    class Drop(ast.NodeTransformer):
        def visit_Assert(self, node):
            return ast.Pass()

    get_ipython().ast_transformers.append(Drop())


def transform_the_input():
    get_ipython().input_transformers_post.append(lambda lines: ["print(1)"])


def hook_into_each_cell():
    get_ipython().events.register("pre_run_cell", lambda info: os._exit(0))


def replace_numpy():
    import types

    sys.modules["numpy"] = types.ModuleType("numpy")
    np.float64 = np.ones = None


def hook_into_the_exit():
    import atexit

    atexit.register(lambda: os.fork() or time.sleep(60))
    sys.excepthook = sys.unraisablehook = lambda *a: os._exit(0)


def leave_files():
    for place in (".", "/tmp", "/dev/shm", os.environ["HOME"]):
        with contextlib.suppress(OSError):
            os.close(os.open(place + "/sitecustomize.py", os.O_CREAT))
    os.environ["PYTHONPATH"] = "."
    sys.path.insert(0, ".")


def leave_a_thread():
    def work():
        while True:
            with contextlib.suppress(BaseException):
                open("/tmp/left", "w").close()

    threading.Thread(target=work, daemon=True).start()


def patch_what_is_warm():
    import course_utils.corruptions

    for name in dir(course_utils.corruptions):
        setattr(course_utils.corruptions, name, None)


def write_over_the_memory_of_numpy():
    libc.mprotect(ctypes.c_void_p(id(np) & ~4095), 4096, 7)
    ctypes.memset(id(np.e), 0, 16)
