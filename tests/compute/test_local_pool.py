import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import psutil
import pytest

from studio.compute.local_pool import LocalPool
from studio.compute.machine import default_workers, usable_cores, usable_memory
from studio.domain.errors import AudioError, WorkerLostError
from tests.compute import pool_jobs

ROOT = Path(__file__).parents[2]
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def quiet(fraction: float) -> None:
    """A report that nobody reads."""


@pytest.fixture
async def pool() -> AsyncIterator[LocalPool]:
    opened = LocalPool(2)
    yield opened
    await opened.close()


async def until(condition: Callable[[], bool], limit_s: float = 30) -> None:
    async with asyncio.timeout(limit_s):
        while not condition():  # noqa: ASYNC110  (another process has no event to wait for)
            await asyncio.sleep(0.02)


def workers_of(pid: int) -> list[psutil.Process]:
    """The worker processes below `pid`, the resource tracker left out."""
    return [
        child
        for child in psutil.Process(pid).children(recursive=True)
        if "spawn_main" in " ".join(child.cmdline()) and child.status() != psutil.STATUS_ZOMBIE
    ]


async def test_runs_elsewhere_and_brings_back_the_result(pool: LocalPool) -> None:
    assert await pool.run(pool_jobs.add, quiet, 2, second=3) == 5
    assert await pool.run(pool_jobs.who, quiet) != os.getpid()


async def test_starts_nothing_before_the_first_job_and_no_more_than_it_needs(pool: LocalPool) -> None:
    assert pool.memory() == 0
    pids = {await pool.run(pool_jobs.who, quiet) for _ in range(5)}
    assert len(pids) == 1
    assert pool.memory() > 1_000_000


async def test_two_hundred_jobs_share_the_workers(pool: LocalPool) -> None:
    sums = await asyncio.gather(*(pool.run(pool_jobs.add, quiet, number, number) for number in range(200)))
    assert sums == [2 * number for number in range(200)]
    assert len(workers_of(os.getpid())) == 2


async def test_jobs_begin_in_the_order_in_which_they_came(tmp_path: Path) -> None:
    pool = LocalPool(1)
    ended: list[int] = []

    async def one(number: int) -> None:
        await pool.run(pool_jobs.add, quiet, number)
        ended.append(number)

    await asyncio.gather(*(one(number) for number in range(20)))
    assert ended == list(range(20))
    await pool.close()


async def test_progress_arrives_on_the_loop_ten_times_a_second_at_most(pool: LocalPool) -> None:
    told: list[tuple[float, float]] = []
    loop = asyncio.get_running_loop()

    def report(fraction: float) -> None:
        assert asyncio.get_running_loop() is loop
        told.append((time.monotonic(), fraction))

    await pool.run(pool_jobs.count, report, 300, 0.002)
    fractions = [fraction for _, fraction in told]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    assert 2 <= len(told) <= 2 + 10 * (told[-1][0] - told[0][0]) + 2


async def test_our_errors_come_back_as_they_are(pool: LocalPool) -> None:
    with pytest.raises(AudioError) as caught:
        await pool.run(pool_jobs.raise_ours, quiet)
    assert (caught.value.message, caught.value.remedy) == ("The file is not audio.", "Give another.")
    assert not hasattr(caught.value, "__notes__")


async def test_other_errors_bring_the_workers_traceback(pool: LocalPool) -> None:
    with pytest.raises(KeyError) as caught:
        await pool.run(pool_jobs.raise_plain, quiet)
    assert "in raise_plain" in caught.value.__notes__[0]


async def test_an_error_that_cannot_travel_becomes_its_text(pool: LocalPool) -> None:
    with pytest.raises(RuntimeError, match="OddError: this and that") as caught:
        await pool.run(pool_jobs.raise_odd, quiet)
    assert "in raise_odd" in caught.value.__notes__[0]


async def test_what_cannot_be_pickled_is_the_jobs_failure_alone(pool: LocalPool) -> None:
    with pytest.raises(Exception, match="lambda"):
        await pool.run(pool_jobs.return_lambda, quiet)
    with pytest.raises(Exception, match="pickle"):
        await pool.run(lambda report: report(1), quiet)
    assert await pool.run(pool_jobs.add, quiet, 1) == 1


async def test_large_things_cross(pool: LocalPool) -> None:
    content = os.urandom(8_000_000)
    assert await pool.run(pool_jobs.echo, quiet, content) == content


@pytest.mark.parametrize(("how", "said"), [("SIGKILL", "signal 9"), ("SIGSEGV", "signal 11"), ("exit", "status 7")])
async def test_a_dead_worker_fails_its_own_job_only(pool: LocalPool, how: str, said: str) -> None:
    other = asyncio.create_task(pool.run(pool_jobs.sleep, quiet, 0.5))
    with pytest.raises(WorkerLostError, match=said):
        await pool.run(pool_jobs.die, quiet, how)
    assert await pool.run(pool_jobs.add, quiet, 4) == 4
    assert await other


async def test_a_worker_that_died_while_idle_costs_no_job() -> None:
    pool = LocalPool(1)
    for _ in range(3):
        pid = await pool.run(pool_jobs.die_soon, quiet)
        await until(lambda pid=pid: not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)  # type: ignore[misc]
        assert await pool.run(pool_jobs.who, quiet) != pid
    await pool.close()


async def test_cancelling_ends_the_process_before_it_returns(pool: LocalPool, tmp_path: Path) -> None:
    flag = tmp_path / "begun"
    task = asyncio.create_task(pool.run(pool_jobs.begin, quiet, str(flag)))
    await until(lambda: flag.exists() and flag.read_text() != "")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not psutil.pid_exists(int(flag.read_text()))
    assert await pool.run(pool_jobs.add, quiet, 1, 1) == 2


async def test_cancelling_what_has_not_begun_disturbs_nobody() -> None:
    pool = LocalPool(1)
    first = asyncio.create_task(pool.run(pool_jobs.sleep, quiet, 0.3))
    waiting = [asyncio.create_task(pool.run(pool_jobs.sleep, quiet, 60)) for _ in range(5)]
    await asyncio.sleep(0.05)
    for task in waiting:
        task.cancel()
    results = await asyncio.gather(first, *waiting, return_exceptions=True)
    assert isinstance(results[0], int)
    assert all(isinstance(result, asyncio.CancelledError) for result in results[1:])
    assert await pool.run(pool_jobs.who, quiet) == results[0]
    await pool.close()


async def test_a_storm_of_cancellations_leaves_a_working_pool(pool: LocalPool) -> None:
    for round_ in range(6):
        tasks = [asyncio.create_task(pool.run(pool_jobs.sleep, quiet, 0.02)) for _ in range(8)]
        await asyncio.sleep(0.03 * round_)
        for task in tasks[::2]:
            task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(result, int) for result in results[1::2])
    assert len(workers_of(os.getpid())) <= 2


async def test_a_worker_that_grew_is_replaced() -> None:
    pool = LocalPool(1, recycle_bytes=150_000_000)
    slim = await pool.run(pool_jobs.hoard, quiet, 1)
    assert await pool.run(pool_jobs.hoard, quiet, 200) == slim
    assert await pool.run(pool_jobs.who, quiet) != slim
    await pool.close()


async def test_workers_use_one_thread_and_our_own_environment_stays(pool: LocalPool) -> None:
    before = dict(os.environ)
    assert await pool.run(pool_jobs.environment, quiet, "OMP_NUM_THREADS") == "1"
    assert dict(os.environ) == before


@linux_only
async def test_workers_let_the_window_go_first(pool: LocalPool) -> None:
    assert await pool.run(pool_jobs.niceness, quiet) == min(19, os.nice(0) + 5)
    assert await pool.run(pool_jobs.scheduling, quiet) == os.SCHED_OTHER


@linux_only
async def test_workers_behind_a_window_take_only_what_it_leaves() -> None:
    pool = LocalPool(1, last=True)
    try:
        assert await pool.run(pool_jobs.scheduling, quiet) == os.SCHED_IDLE
    finally:
        await pool.close()


@linux_only
async def test_numpy_starts_no_threads_in_a_worker(pool: LocalPool) -> None:
    # The worker itself and the one that watches its parent.
    assert await pool.run(pool_jobs.threads_of_numpy, quiet) == 2


async def test_interrupting_the_terminal_does_not_reach_the_workers(pool: LocalPool) -> None:
    job = asyncio.create_task(pool.run(pool_jobs.sleep, quiet, 1.0))
    await until(lambda: bool(workers_of(os.getpid())))
    for worker in workers_of(os.getpid()):
        worker.send_signal(signal.SIGINT)  # perhaps while it is still importing
    assert await job


async def test_close_ends_everything_and_says_so() -> None:
    pool = LocalPool(2)
    jobs = [asyncio.create_task(pool.run(pool_jobs.sleep, quiet, 60)) for _ in range(4)]
    await until(lambda: len(workers_of(os.getpid())) == 2)
    await pool.close()
    results = await asyncio.gather(*jobs, return_exceptions=True)
    assert all(isinstance(result, WorkerLostError) for result in results)
    assert not workers_of(os.getpid())
    with pytest.raises(RuntimeError):
        await pool.run(pool_jobs.who, quiet)


PARENT = """
import asyncio, signal, sys
from studio.compute.local_pool import LocalPool
from tests.compute import pool_jobs

async def main():
    pool = LocalPool(2)
    jobs = [pool.run(getattr(pool_jobs, name), lambda f: None, flag) for name, flag in
            zip(("begin", "begin_native"), sys.argv[1:])]
    await asyncio.gather(*jobs)

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # what was started in the background ignores it
    asyncio.run(main())
"""


def start_parent(tmp_path: Path) -> tuple[subprocess.Popen[bytes], list[psutil.Process]]:
    script = tmp_path / "parent.py"
    script.write_text(PARENT, "utf-8")
    flags = [tmp_path / "sleeping", tmp_path / "computing"]
    parent = subprocess.Popen(
        [sys.executable, str(script), *map(str, flags)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
    )
    limit = time.monotonic() + 60
    while not all(flag.exists() and flag.read_text() for flag in flags):
        assert parent.poll() is None
        assert time.monotonic() < limit
        time.sleep(0.02)
    return parent, psutil.Process(parent.pid).children(recursive=True)


def test_no_process_outlives_a_killed_parent(tmp_path: Path) -> None:
    parent, children = start_parent(tmp_path)
    assert len(children) >= 2
    parent.kill()
    parent.communicate()
    _, alive = psutil.wait_procs(children, timeout=20)
    assert not alive


@pytest.mark.skipif(sys.platform == "win32", reason="signals of a terminal")
def test_an_interrupted_parent_leaves_neither_processes_nor_noise_of_workers(tmp_path: Path) -> None:
    parent, children = start_parent(tmp_path)
    parent.send_signal(signal.SIGINT)
    _, said = parent.communicate(timeout=30)
    _, alive = psutil.wait_procs(children, timeout=20)
    assert not alive
    text = said.decode()
    assert "resource_tracker" not in text
    assert "spawn_main" not in text
    assert text.count("Traceback") <= 2  # asyncio's own: CancelledError, then KeyboardInterrupt


def test_works_on_a_qt_loop(tmp_path: Path) -> None:
    script = tmp_path / "window.py"
    script.write_text(
        "import asyncio\n"
        "from PySide6.QtWidgets import QApplication\n"
        "import qasync\n"
        "from studio.compute.local_pool import LocalPool\n"
        "from tests.compute import pool_jobs\n"
        "async def main():\n"
        "    pool = LocalPool(2)\n"
        "    told = []\n"
        "    sums = await asyncio.gather(*(pool.run(pool_jobs.add, told.append, n, 1) for n in range(20)))\n"
        "    assert sums == list(range(1, 21))\n"
        "    assert await pool.run(pool_jobs.count, told.append, 5, 0.01) == 5 and told[-1] == 1.0\n"
        "    task = asyncio.ensure_future(pool.run(pool_jobs.sleep, told.append, 60))\n"
        "    await asyncio.sleep(0.2)\n"
        "    task.cancel()\n"
        "    try:\n"
        "        await task\n"
        "    except asyncio.CancelledError:\n"
        "        pass\n"
        "    await pool.close()\n"
        "    print('all well')\n"
        "if __name__ == '__main__':\n"
        "    application = QApplication([])\n"
        "    qasync.run(main())\n",
        "utf-8",
    )
    done = subprocess.run(
        [sys.executable, str(script)],
        env={**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "all well"
    assert "Traceback" not in done.stderr
    assert "resource_tracker" not in done.stderr


def test_the_default_width_fits_the_machine() -> None:
    assert 1 <= default_workers() <= usable_cores()
    assert usable_memory() <= psutil.virtual_memory().total
    assert LocalPool().slots == default_workers()
