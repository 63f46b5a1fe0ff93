"""The service on a socket of this machine: in a thread of a test, or as a program for tests of the command line.

    with elevenlabs_server(plan="pro", time_scale=0.001) as server:
        server.schedule({2: "reset_in_body", 5: Fault("error_502", charged=True)})
        ...                                         # talk to server.base_url with server.key
        assert not server.ledger.paid_twice()

    python -m tests.fakes.elevenlabs_server --port 0 --time-scale 0.01 --fault 2:reset_in_body

The program prints its address on one line and its books at /-/ledger.
"""

import argparse
import asyncio
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from tests.fakes.account import PERMISSIONS, Account, ApiKey, Options
from tests.fakes.app import ElevenLabsApp
from tests.fakes.catalogue import PLANS
from tests.fakes.faults import MIXED, Fault, FaultPlan
from tests.fakes.ledger import Ledger
from tests.fakes.wire import Host

KEY = "sk_local_0123456789abcdef"


class Server:
    """A running server, as a test sees it. What it holds may be changed while it runs."""

    def __init__(self, account: Account, host: Host) -> None:
        self.account, self.host = account, host
        self.key = next(iter(account.keys))

    @property
    def base_url(self) -> str:
        """For `ELEVENLABS_BASE_URL`."""
        return f"http://{self.host.host}:{self.host.port}"

    @property
    def ledger(self) -> Ledger:
        """The service's books."""
        return self.account.ledger

    @property
    def options(self) -> Options:
        """How it behaves."""
        return self.account.options

    @property
    def in_flight_peak(self) -> int:
        """The most requests that were in work at once."""
        return self.account.occupancy.peak

    @property
    def in_flight(self) -> int:
        """Requests in work now."""
        return self.account.occupancy.now

    @property
    def mean_in_flight(self) -> float:
        """Mean number of requests in work, by time, until the last one began."""
        return self.account.occupancy.mean()

    def schedule(self, faults: Mapping[int, Fault | str] | Iterable[tuple[int, Fault | str]]) -> None:
        """Faults for the nth requests for speech, counted from 1 from the start of the server."""
        self.account.faults.schedule(faults)

    def schedule_next(self, *faults: Fault | str) -> None:
        """Faults for the very next requests for speech, one each."""
        self.account.faults.next(*faults)

    def add_key(self, secret: str, permissions: Iterable[str] = PERMISSIONS, revoke_after: int | None = None) -> str:
        """Another key to the account; returns it."""
        self.account.keys[secret] = ApiKey(secret, frozenset(permissions), revoke_after=revoke_after)
        return secret

    def revoke(self, secret: str | None = None) -> None:
        """Make a key (or the first one) invalid from now on."""
        self.account.keys[secret or self.key].revoked = True

    def outcomes(self) -> list[str]:
        """What became of each request for speech, in their order."""
        return [asked.outcome for asked in self.ledger.asked]


def build(*, credit_limit: int | None = None, faults: FaultPlan | None = None, options: Options) -> Account:
    """An account with one key that may do everything. The plan's credits where no limit is given."""
    limit = PLANS[options.plan].credits if credit_limit is None else credit_limit
    return Account(options, {KEY: ApiKey(KEY)}, Ledger(limit), faults or FaultPlan())


@contextmanager
def elevenlabs_server(
    *, credit_limit: int | None = None, faults: FaultPlan | None = None, port: int = 0, **options: Any
) -> Iterator[Server]:
    """A server in a thread of its own, as long as the `with` lasts.

    Args:
        credit_limit: Of the account; the plan's where None.
        faults: By chance or on schedule; none where None.
        port: A free one where 0.
        options: Fields of `Options`; `time_scale` is 0.001 unless given.

    Raises AssertionError at the end where the server itself has failed.
    """
    account = build(credit_limit=credit_limit, faults=faults, options=replace(Options(time_scale=0.001), **options))
    host = Host(ElevenLabsApp(account), port=port)
    ready, loop, over = threading.Event(), asyncio.new_event_loop(), asyncio.Event()
    problems: list[BaseException] = []

    async def serve() -> None:
        try:
            await host.start()
        finally:
            ready.set()
        await over.wait()
        await host.stop()

    def run() -> None:
        try:
            with asyncio.Runner(loop_factory=lambda: loop) as runner:
                runner.run(serve())
        except BaseException as error:  # noqa: BLE001 - told in the test's own thread
            problems.append(error)

    thread = threading.Thread(target=run, name="elevenlabs-server")
    thread.start()
    ready.wait()
    try:
        if problems:
            raise problems[0]
        yield Server(account, host)
    finally:
        if thread.is_alive():
            loop.call_soon_threadsafe(over.set)
        thread.join()
    assert not host.problems, "\n".join(host.problems)


def main(arguments: list[str] | None = None) -> None:
    """Run until the process is stopped. Prints the address once it listens."""
    parser = argparse.ArgumentParser(description="A local stand-in for the speech service.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--key", default=KEY)
    parser.add_argument("--plan", choices=PLANS, default="creator")
    parser.add_argument("--credits", type=int, help="left on the account; the plan's unless given")
    parser.add_argument("--width", type=int, help="requests at once; the plan's unless given")
    parser.add_argument("--per-minute", type=int)
    parser.add_argument("--time-scale", type=float, default=0.01)
    parser.add_argument("--base", type=float, default=0.5, help="seconds that any request takes, before scaling")
    parser.add_argument("--per-character", type=float, default=0.004, help="seconds, a quarter on fast models")
    parser.add_argument("--sigma", type=float, default=0.6, help="of the lognormal factor on that; 1 is a heavy tail")
    parser.add_argument("--speech", action="store_true", help="real speech by the built-in voice")
    parser.add_argument("--fault", action="append", default=[], metavar="N:KIND", help="for the nth request for speech")
    parser.add_argument("--fault-rate", type=float, default=0.0)
    parser.add_argument("--fault-kinds", default=",".join(MIXED), metavar="KIND,KIND")
    parser.add_argument("--read-fault-rate", type=float, default=0.0)
    parser.add_argument("--fault-seconds", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--history-delay", type=float, default=0.0)
    parser.add_argument("--no-history", action="store_true")
    given = parser.parse_args(arguments)
    faults = FaultPlan(
        rate=given.fault_rate,
        kinds=tuple(given.fault_kinds.split(",")),
        read_rate=given.read_fault_rate,
        seconds=given.fault_seconds,
        seed=given.seed,
    )
    pairs = [entry.partition(":") for entry in given.fault]
    faults.schedule((int(nth), Fault(kind, seconds=given.fault_seconds)) for nth, _, kind in pairs)
    options = Options(
        plan=given.plan,
        width=given.width,
        per_minute=given.per_minute,
        time_scale=given.time_scale,
        base_s=given.base,
        per_character_s=given.per_character,
        sigma=given.sigma,
        speech=given.speech,
        seed=given.seed,
    )
    account = build(credit_limit=given.credits, faults=faults, options=options)
    account.keys = {given.key: ApiKey(given.key)}
    account.ledger.history.enabled = not given.no_history
    account.ledger.history.delay_s = given.history_delay
    asyncio.run(_serve_for_ever(Host(ElevenLabsApp(account), port=given.port)))


async def _serve_for_ever(host: Host) -> None:
    await host.start()
    print(f"http://{host.host}:{host.port}", flush=True)  # noqa: T201 - how the test finds us
    await asyncio.Event().wait()


if __name__ == "__main__":
    main()
