"""What the desk bears over HTTP, beside a bare Bolt app in the same run: `make bench-load`.

Signed events go over loopback to the whole desk as processes of their own, against a fast local Slack. The bare app
only acknowledges and posts a fixed reply; it stores nothing. Each is first driven as fast as it can, then at an
ordinary rate, then at half the rate at which the bare app answers, with the time until each acknowledgement. Every
question must get its answer. The questions differ, so that nothing that was read before makes the next one cheap.
"""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from threading import Lock
from urllib.parse import urlparse

from slack_sdk.signature import SignatureVerifier

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests")]

from databases import postgres_server  # noqa: E402
from slackserver import posted_count, slack_process  # noqa: E402

SECRET = "sign-secret"
EVENTS = int(os.environ.get("EVENTS", "500"))
CLIENTS = 16
ORDINARY = 25.0
"""Events a second: far above what a company asks, and what two cores can also answer meanwhile."""
QUESTIONS = (Path(__file__).parent / "load_questions.txt").read_text(encoding="utf-8").splitlines()
VERIFIER = SignatureVerifier(SECRET)


@dataclass
class Outcome:
    """What came of one drive: events a second, and the times until the acknowledgements, in ms."""

    rate: float
    p50: float
    p99: float
    refused: int


class Clients:
    """Slack's side: keeps connections open and sends signed events, each to the next of the desk's processes."""

    def __init__(self, addresses: list[str], run: str) -> None:
        self._addresses, self._run, self._number, self._lock = addresses, run, 0, Lock()

    def drive(self, events: int, rate: float | None) -> Outcome:
        """Send so many events, as fast as they are taken or at a rate (events a second)."""
        begun = time.monotonic()
        with ThreadPoolExecutor(CLIENTS) as pool:
            taken = list(pool.map(lambda one: self._share(begun, events, one, rate), range(CLIENTS)))
        times = [moment for share in taken for moment in share[0]]
        cuts = quantiles(times, n=100)
        return Outcome(len(times) / (time.monotonic() - begun), cuts[49], cuts[98], sum(share[1] for share in taken))

    def _share(self, begun: float, events: int, client: int, rate: float | None) -> tuple[list[float], int]:
        address = urlparse(self._addresses[client % len(self._addresses)])
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=30)
        times, refused = [], 0
        for number in range(client, events, CLIENTS):
            due = begun + number / rate if rate else 0.0
            if (wait := due - time.monotonic()) > 0:
                time.sleep(wait)
            since = due or time.monotonic()  # a late start counts as waiting
            refused += self._send(connection) != 200
            times.append((time.monotonic() - since) * 1000)
        connection.close()
        return times, refused

    def _send(self, connection: http.client.HTTPConnection) -> int:
        with self._lock:
            self._number += 1
            number = self._number
        event = {"type": "message", "user": f"U{number % 200}", "channel": f"D{number % 200}", "channel_type": "im",
                 "text": QUESTIONS[number % len(QUESTIONS)], "ts": f"{self._run}{number}.000100"}  # fmt: skip
        body = json.dumps(
            {"type": "event_callback", "team_id": "T1", "event_id": f"Ev{self._run}{number}", "event": event}
        )
        moment = str(int(time.time()))
        signature = VERIFIER.generate_signature(timestamp=moment, body=body) or ""
        headers = {
            "X-Slack-Request-Timestamp": moment,
            "X-Slack-Signature": signature,
            "Content-Type": "application/json",
        }
        connection.request("POST", "/slack/events", body, headers)
        response = connection.getresponse()
        response.read()
        return response.status


@contextmanager
def served(command: list[str], folder: str, **environment: str) -> Iterator[str]:
    """A program that listens, until the end of the block; gives its address."""
    whole = {
        **os.environ, "SLACK_BOT_TOKEN": "xoxb-t", "SLACK_SIGNING_SECRET": SECRET, "PRIVACY_DESK_HOST": "127.0.0.1",
        "PRIVACY_DESK_PORT": "0", "PYTHONPATH": str(ROOT), **environment,
    }  # fmt: skip
    process = subprocess.Popen(command, cwd=folder, env=whole, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    line = next(line for line in process.stderr if "listening on" in line)
    drain = ThreadPoolExecutor(1)
    drain.submit(process.stderr.read)
    try:
        yield "http" + line.split("listening on http")[1].split("/slack")[0]
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def desk(stack: ExitStack, folder: str, slack: str, database: str, processes: int) -> list[str]:
    """The desk's processes on one database."""
    command = [sys.executable, "-m", "bot", "serve"]
    more = {"SLACK_API_URL": slack, "PRIVACY_DESK_DATABASE_URL": database, "PRIVACY_DESK_READER": "learned"}
    return [stack.enter_context(served(command, folder, **more)) for _ in range(processes)]


def until_answered(slack: str, before: int, events: int) -> None:
    """Wait until so many more messages have been posted."""
    begun = time.monotonic()
    while posted_count(slack) < before + events:
        if time.monotonic() - begun > 600:
            raise AssertionError(f"{before + events - posted_count(slack)} of {events} are not answered")
        time.sleep(0.1)


def driven(name: str, clients: Clients, slack: str, rate: float | None) -> float:
    """Drive one application in the three ways and print its line; gives how many it answers in a second.

    `rate` is the one of the third drive; None for half of what this application answers.
    """
    before, begun = posted_count(slack), time.monotonic()
    outcomes = [clients.drive(EVENTS, None)]
    until_answered(slack, before, EVENTS)
    answered = EVENTS / (time.monotonic() - begun)
    for each in (ORDINARY, rate or answered / 2):
        before = posted_count(slack)
        outcomes.append(clients.drive(EVENTS, each))
        until_answered(slack, before, EVENTS)
    figures = [figure for one in outcomes for figure in (one.rate, one.p50, one.p99)]
    figures += [sum(one.refused for one in outcomes), answered]
    print(f"{name:<26}" + "".join(f"{figure:>10.0f}" for figure in figures), flush=True)
    return answered


def main() -> None:
    """Print the table."""
    print(f"{EVENTS} events, {CLIENTS} connections, {os.cpu_count()} cores; rates in events a second, times in ms")
    heads = ("at most", "p50", "p99", "ordinary", "p50", "p99", "at half of", "p50", "p99", "refused", "answered/s")
    print(f"{'':<26}" + "".join(f"{head:>10}" for head in heads))
    with TemporaryDirectory() as folder, slack_process() as slack, postgres_server() as postgres:
        bare = [sys.executable, str(Path(__file__).parent / "bare.py")]
        with served(bare, folder, SLACK_API_URL=slack) as address:
            rate = driven("bare Bolt app", Clients([address], "1"), slack, None) / 2
        kinds = [("SQLite, one process", f"sqlite:///{folder}/desk.db", 1),
                 ("PostgreSQL, one process", postgres.new_database(), 1),
                 ("PostgreSQL, two processes", postgres.new_database(), 2)]  # fmt: skip
        for number, (name, database, processes) in enumerate(kinds, 2):
            with ExitStack() as stack:
                driven(name, Clients(desk(stack, folder, slack, database, processes), str(number)), slack, rate)


if __name__ == "__main__":
    main()
