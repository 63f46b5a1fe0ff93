"""Worker processes on this machine: keeps the engine's `Compute` protocol.

Jobs and workers are matched on the event loop's thread only, so nothing here needs a lock. A worker has one job at a
time. Whatever ends its process (a signal, the system when memory runs out, a crash in native code, a cancelled task)
ends that job alone; another process is started when the next job needs it.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Concatenate, ParamSpec, TypeVar

from studio.compute.machine import RECYCLE_BYTES, default_workers
from studio.compute.worker import Done, Failed
from studio.compute.worker_link import Call, WorkerLink
from studio.domain.errors import BatchcastError, WorkerLostError
from studio.engine.ports import Report

P = ParamSpec("P")
T = TypeVar("T")


class _Job:
    """A call, who waits for it, and the worker that does it."""

    def __init__(self, call: Call, report: Report, future: asyncio.Future[Any]) -> None:
        self.call = call
        self.report = report
        self.future = future

    def fail(self, error: Exception) -> None:
        """Raise `error` where the job is waited for."""
        if not self.future.done():
            self.future.set_exception(error)


class _Worker:
    """A worker as the pool sees it: its job, if any, and the future that its end fulfils.

    Its link reports from a thread of its own; everything is carried over to the loop's thread here.
    """

    def __init__(self, pool: "LocalPool", loop: asyncio.AbstractEventLoop, *, last: bool) -> None:
        self.job: _Job | None = None
        self.gone: asyncio.Future[None] = loop.create_future()
        self._pool = pool
        self._loop = loop
        self.link = WorkerLink(self, last=last)

    def advanced(self, link: WorkerLink, fraction: float) -> None:
        """On the worker's thread: the job is that far."""
        self._post(self._pool.on_advance, self.job, fraction)

    def answered(self, link: WorkerLink, answer: Done | Failed, memory: int) -> None:
        """On the worker's thread: the job ended."""
        self._post(self._pool.on_answer, self, answer, memory)

    def ended(self, link: WorkerLink, reason: str, *, untouched: bool) -> None:
        """On the worker's thread: the process is gone."""
        self._post(self._pool.on_end, self, reason, untouched)

    def _post(self, function: Callable[..., None], *args: object) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            self._loop.call_soon_threadsafe(function, *args)


class LocalPool:
    """As many single-threaded processes as `workers` says; by default what cores and memory allow.

    They start with the first jobs. A worker that holds more than `recycle_bytes` after a job is replaced by a fresh
    one. With `last` they take only what a window, or anything else on this machine, leaves of the processors.
    """

    def __init__(self, workers: int | None = None, recycle_bytes: int = RECYCLE_BYTES, *, last: bool = False) -> None:
        self._slots = default_workers() if workers is None else workers
        self._recycle_bytes = recycle_bytes
        self._last = last
        self._waiting: deque[_Job] = deque()
        self._workers: set[_Worker] = set()
        self._idle: list[_Worker] = []  # the last one used is used first: it is warm
        self._closed = False

    @property
    def slots(self) -> int:
        """How many jobs run at the same time."""
        return self._slots

    async def run(
        self, job: Callable[Concatenate[Report, P], T], report: Report, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a module-level function in a worker, as `job(report, *args, **kwargs)`.

        Jobs begin in the order in which they came. Raises what the job raised, or `WorkerLostError` when its process
        died. A job that is cancelled has no process any more when `CancelledError` comes out.
        """
        if self._closed:
            raise RuntimeError("the pool is closed")
        loop = asyncio.get_running_loop()
        waiting = _Job(Call(job, args, kwargs), report, loop.create_future())
        self._waiting.append(waiting)
        self._dispatch()
        try:
            result: T = await waiting.future
        except asyncio.CancelledError:
            await self._abandon(waiting)
            raise
        return result

    def memory(self) -> int:
        """Bytes that all workers hold together (resident)."""
        return sum(worker.link.memory() for worker in self._workers)

    async def close(self) -> None:
        """End every process and wait until it is gone. Jobs under way fail with `WorkerLostError`."""
        self._closed = True
        workers = tuple(self._workers)
        for job in (*self._waiting, *(worker.job for worker in workers if worker.job)):
            job.fail(WorkerLostError("The workers were stopped before this was done.", "Start it again."))
        self._waiting.clear()
        for worker in workers:
            worker.link.kill()
        for worker in workers:
            await worker.gone
            worker.link.join()

    def _dispatch(self) -> None:
        while self._waiting and (self._idle or len(self._workers) < self._slots):
            worker = self._idle.pop() if self._idle else self._new_worker()
            worker.job = self._waiting.popleft()
            worker.link.give(worker.job.call)

    def _new_worker(self) -> _Worker:
        worker = _Worker(self, asyncio.get_running_loop(), last=self._last)
        self._workers.add(worker)
        return worker

    async def _abandon(self, job: _Job) -> None:
        with suppress(ValueError):
            self._waiting.remove(job)
        for worker in self._workers:
            if worker.job is job:
                worker.link.kill()
                await asyncio.shield(worker.gone)
                return

    def on_advance(self, job: _Job, fraction: float) -> None:
        """A job told how far it is."""
        if not job.future.done():
            job.report(fraction)

    def on_answer(self, worker: _Worker, answer: Done | Failed, memory: int) -> None:
        """A job ended, and its worker is free."""
        job, worker.job = worker.job, None
        if job is not None and not job.future.done():
            if isinstance(answer, Done):
                job.future.set_result(answer.result)
            else:
                job.fail(_with_trace(answer))
        if worker.link.condemned:
            return
        if memory > self._recycle_bytes:
            worker.link.retire()
            return
        self._idle.append(worker)
        self._dispatch()

    def on_end(self, worker: _Worker, reason: str, untouched: bool) -> None:
        """A worker's process is gone."""
        self._workers.discard(worker)
        if worker in self._idle:
            self._idle.remove(worker)
        job, worker.job = worker.job, None
        if job is not None and not job.future.done():
            if untouched:
                self._waiting.appendleft(job)
            else:
                job.fail(
                    WorkerLostError(
                        f"The process that worked on this ended unexpectedly ({reason or 'it could not be started'}).",
                        "Try again; if it happens again, free some memory or use fewer workers.",
                    )
                )
        worker.gone.set_result(None)
        if not self._closed:
            self._dispatch()


def _with_trace(answer: Failed) -> Exception:
    """The error, with the worker's own traceback for the log; a foreseen one says all in its sentence."""
    if answer.trace and not isinstance(answer.error, BatchcastError):
        answer.error.add_note(f"In the worker process:\n{answer.trace}")
    return answer.error
