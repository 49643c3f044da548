"""The durable engines that were tried, each against the same promises: `python trial.py dbos|procrastinate URL`.

Each worker is a process of its own and is really killed. Needs `pip install dbos procrastinate "psycopg[binary]"`; the
desk itself does not. What came out is in docs/decisions/0005-durable-engine.md.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

HERE = Path(__file__).parent
PATIENCE = 40.0
Effects = list[tuple[str, str]]


class Trial:
    """One engine on one database."""

    def __init__(self, engine: Any, name: str, url: str) -> None:
        self.engine, self.name, self.url = engine, name, url
        self.database = sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
        with self.database.begin() as connection:
            connection.exec_driver_sql("DROP TABLE IF EXISTS effect")
            connection.exec_driver_sql("CREATE TABLE effect (job VARCHAR(80), step VARCHAR(80))")

    def effects(self) -> Effects:
        """What the jobs did, in the order of doing."""
        order = "rowid" if self.url.startswith("sqlite") else "ctid"
        with self.database.connect() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(f"SELECT job, step FROM effect ORDER BY {order}")]  # type: ignore[misc]

    @contextmanager
    def worker(self, number: int) -> Iterator[subprocess.Popen[bytes]]:
        """A worker process until the end of the block."""
        command = [sys.executable, str(HERE / f"{self.name}_jobs.py"), self.url, str(number)]
        with subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as process:
            try:
                yield process
            finally:
                process.kill()

    def until(self, what: Callable[[Effects], bool]) -> float | None:
        """Seconds until the effects are so; None where they never are."""
        begun = time.monotonic()
        while time.monotonic() < begun + PATIENCE:
            if what(self.effects()):
                return time.monotonic() - begun
            time.sleep(0.05)
        return None

    def repeats(self) -> str:
        """One job, asked for 50 times while two workers run."""
        with self.worker(1), self.worker(2):
            for _ in range(50):
                self.engine.enqueue("note", "repeat", "r")
            self.until(lambda done: any(job == "repeat" for job, _ in done))
            time.sleep(2)
        return f"done {len([job for job, _ in self.effects() if job == 'repeat'])} time(s)"

    def takes_over(self) -> str:
        """A worker that is killed between two steps, while another one lives."""
        self.engine.enqueue("dies", "dies", "d")
        with self.worker(1) as first:
            first.wait(PATIENCE)
            with self.worker(2):
                seconds = self.until(lambda done: ("dies", "second") in done)
        firsts = self.effects().count(("dies", "first"))
        took = "never taken over" if seconds is None else f"taken over after {seconds:.1f} s"
        return f"{took}; first step done {firsts} time(s)"

    def together(self) -> str:
        """A job asked for in a transaction that fails."""
        try:
            with self.database.begin() as connection:
                self.engine.enqueue_in(connection, "note", "undone", "u")
                raise KeyError
        except KeyError:
            pass
        except NotImplementedError:
            return "not offered"
        with self.database.begin() as connection:
            self.engine.enqueue_in(connection, "note", "kept", "k")
        with self.worker(1):
            self.until(lambda done: any(job == "kept" for job, _ in done))
        jobs = {job for job, _ in self.effects()}
        return f"kept: {'kept' in jobs}, undone: {'undone' not in jobs}"

    def order(self) -> str:
        """Twenty jobs of one thread beside a thread that is stuck, on two workers."""
        for number in range(3):
            self.engine.enqueue("stuck", f"stuck{number}", "stuck")
        for number in range(20):
            self.engine.enqueue("note", f"o{number:02}", "thread")
        with self.worker(1), self.worker(2):
            seconds = self.until(lambda done: sum(job.startswith("o") for job, _ in done) == 20)
        done = [job for job, _ in self.effects() if job.startswith("o")]
        return f"in order: {done == sorted(done)}, held up: {seconds is None}, {seconds or 0:.1f} s"

    def speed(self) -> str:
        """A thousand jobs of as many threads."""
        begun = time.monotonic()
        for number in range(1000):
            self.engine.enqueue("note", f"s{number}", f"s{number}")
        taken = time.monotonic() - begun
        with self.worker(1):
            self.until(lambda done: any(job.startswith("s") for job, _ in done))
            worked = self.until(lambda done: sum(job.startswith("s") and job[1].isdigit() for job, _ in done) >= 1000)
        return f"{1000 / taken:.0f} taken a second, {1000 / (worked or PATIENCE):.0f} done a second"


def main() -> None:
    """Try one engine and print what came out."""
    name, url = sys.argv[1:]
    sys.path.insert(0, str(HERE))
    engine = __import__(f"{name}_jobs").Engine(url)
    for what in ("repeats", "takes_over", "together", "order", "speed"):
        trial = Trial(engine, name, url)
        print(f"{name} {url.split(':')[0]:<11} {what:<11} {getattr(trial, what)()}", flush=True)
        engine.clear()
    os._exit(0)


if __name__ == "__main__":
    main()
