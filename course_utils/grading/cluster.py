"""Grades on a Dask cluster: the same units of work, on many machines.

Each worker is given the key, in a private folder of its own, and probes its own
isolation; one that is short says why and gets no work. A worker lost in the middle
costs nothing: its unit goes to another. The scheduler and its workers must be yours,
for Dask trusts them, and so do we: use `tls://` where others share the network.

Start one worker for each core, with one thread:

    dask scheduler
    dask worker tcp://host:8786 --nworkers 8 --nthreads 1
"""

import asyncio
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path

import distributed

from course_utils.grading.isolation import probe
from course_utils.grading.key import Key
from course_utils.grading.unit import close_workshop, grade_one

NAME = "course-grading"
SLOT = "course-grader"  # a Dask resource: a worker without it gets none of our work
PATIENCE = 60  # seconds that we wait for a worker when all are gone
AHEAD = 3  # units of work sent ahead to each worker


class Bench(distributed.WorkerPlugin):
    """What a worker needs to grade: the key, and isolation that it has tried.

    Args:
        files: Dict from the path of each file of the key to its bytes.
        level: String, the level of isolation that is asked for.
        kit: String, the version of the kit.
    """

    def __init__(self, files, level, kit):
        self.name = NAME
        self.files, self.level, self.kit = files, level, kit
        self.problem = "it is not ready yet"

    async def setup(self, worker):
        """Makes the worker ready; one that is short offers no slot."""
        self.folder = Path(worker.local_directory) / NAME
        self.thread = ThreadPoolExecutor(1, NAME)
        self.problem = await asyncio.to_thread(self._ready)
        if not self.problem:
            await worker.set_resources(**{SLOT: 1})

    async def teardown(self, worker):
        """Ends the sandbox and takes the key away."""
        await asyncio.to_thread(self._leave)
        await worker.set_resources(**{SLOT: 0})

    def grade(self, handed, lesson, limits):
        """Grades one unit of work; returns the result and how long it took."""
        start = time.perf_counter()
        task = self.thread.submit(
            grade_one, self.key, handed, lesson, self.isolation, limits
        )
        return task.result(), time.perf_counter() - start

    def _ready(self):
        kit = version("autoencoder-course")
        if kit != self.kit:
            return f"expected version {self.kit} of the kit. Received: {kit}"
        self.isolation = probe(self.level)
        if self.isolation.level != self.level:
            return "; ".join(self.isolation.reasons)
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(mode=0o700)
        for name, data in self.files.items():
            path = self.folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(data)
        self.key = Key.load(self.folder)
        return ""

    def _leave(self):
        self.thread.submit(close_workshop).result()
        self.thread.shutdown()
        shutil.rmtree(self.folder, ignore_errors=True)


def outcomes(address, work, units):
    """Grades units of work on a cluster, and writes each result as it comes.

    Args:
        address: String, of the scheduler.
        work: `work.Work`.
        units: List of pairs (submission, lesson).

    Yields:
        Tuples (submission, lesson, result, error), one for each unit.

    Raises:
        ValueError: If no worker can do the work.
    """
    with distributed.Client(address, timeout=PATIENCE, set_as_default=False) as client:
        client.wait_for_workers(1, timeout=PATIENCE)
        bench = Bench(_files(work.key), work.isolation.level, work.key.version)
        client.register_plugin(bench)
        try:
            _say_who_refuses(client)
            yield from _outcomes(client, work, units)
        finally:
            client.unregister_worker_plugin(NAME)


def _outcomes(client, work, units):
    todo, running = iter(units), {}
    unit = next(todo, None)
    while unit or running:
        while unit and len(running) < AHEAD * max(1, len(_slots(client))):
            try:
                handed, stored = work.prepare(*unit)
            except (OSError, ValueError) as error:  # one unit never stops the others
                yield *unit, None, error
            else:
                if stored is None:
                    running[_submit(client, handed, unit[1], work.limits)] = unit
                else:
                    yield *unit, stored, None
            unit = next(todo, None)
        for future in _next(client, running):
            yield *running.pop(future), *_finished(future, work)


def _submit(client, handed, lesson, limits):
    slot = {SLOT: 1}
    return client.submit(_grade, handed, lesson, limits, resources=slot, pure=False)


def _finished(future, work):
    """Writes a result; returns it and None, or None and what went wrong."""
    try:
        result, seconds = future.result()
        work.finish(result, seconds)
    except Exception as error:
        return None, error
    return result, None


def _next(client, running):
    """Waits for one future at least; raises ValueError if nobody works any more."""
    lonely = 0
    while running:
        try:
            with client.as_current():
                done = distributed.wait(list(running), 5, "FIRST_COMPLETED").done
            return sorted(done, key=lambda future: future.key)
        except TimeoutError:
            lonely = 0 if _slots(client) else lonely + 5
            if lonely >= PATIENCE:
                raise ValueError(
                    f"Expected a worker. Received: none for {PATIENCE} seconds. The "
                    "same command goes on where it stopped."
                ) from None
    return []


def _grade(handed, lesson, limits):
    return distributed.get_worker().plugins[NAME].grade(handed, lesson, limits)


def _problem(dask_worker):
    return dask_worker.plugins[NAME].problem


def _say_who_refuses(client):
    problems = client.run(_problem)
    for address, problem in sorted(problems.items()):
        if problem:
            print(f"{address} refuses: {problem}")
    ready = sum(not problem for problem in problems.values())
    if not ready:
        raise ValueError("Expected a worker that can isolate. Received: none")
    print(f"{ready} workers of {len(problems)}, one notebook at a time each")


def _slots(client):
    """Returns the workers that take our work."""
    workers = client.scheduler_info(n_workers=-1)["workers"]
    return [each for each, info in workers.items() if info["resources"].get(SLOT)]


def _files(key):
    """Returns the bytes of all files of a key, by their paths inside it."""
    return {
        path.relative_to(key.folder).as_posix(): path.read_bytes()
        for path in sorted(key.folder.rglob("*"))
        if path.is_file()
    }
