"""The jobs of the trial on Procrastinate, which needs PostgreSQL."""

import asyncio
import os
import sys
import time
from contextlib import suppress
from typing import Any

import procrastinate
import psycopg
import sqlalchemy as sa

connector = procrastinate.PsycopgConnector(conninfo=sys.argv[1] if sys.argv[1].startswith("postgres") else sys.argv[2])
app = procrastinate.App(connector=connector)


def write(job: str, step: str) -> None:
    with psycopg.connect(connector._pool_args["conninfo"]) as connection:
        connection.execute("INSERT INTO effect VALUES (%s, %s)", (job, step))


@app.task(name="note")
def note(job: str) -> None:
    write(job, "only")


@app.task(name="dies")
def dies(job: str) -> None:
    write(job, "first")
    if sys.argv[2] == "1":
        os.kill(os.getpid(), 9)
    write(job, "second")


@app.task(name="stuck")
def stuck(job: str) -> None:
    time.sleep(3600)


@app.periodic(cron="* * * * * */2")
@app.task(queueing_lock="stalled", name="stalled", pass_context=True)
async def stalled(context: Any, timestamp: int) -> None:
    """The recipe of its documentation: tasks of workers that beat no more are tried again."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=10):
        await app.job_manager.retry_job(job)


class Engine:
    """Enqueues from outside."""

    def __init__(self, url: str) -> None:
        self.app = procrastinate.App(connector=procrastinate.SyncPsycopgConnector(conninfo=url))
        self.app.open()
        with psycopg.connect(url, autocommit=True) as connection:
            if not connection.execute("SELECT to_regclass('procrastinate_jobs')").fetchone()[0]:  # type: ignore[index]
                self.app.schema_manager.apply_schema()
        self.url = url

    def enqueue(self, name: str, job: str, thread: str) -> None:
        with suppress(procrastinate.exceptions.AlreadyEnqueued):
            self.app.configure_task(name, lock=thread, queueing_lock=job).defer(job=job)

    def enqueue_in(self, connection: sa.Connection, name: str, job: str, thread: str) -> None:
        raw = connection.connection.driver_connection
        raw.execute(
            "SELECT procrastinate_defer_jobs_v1("
            "ARRAY[ROW(%s,%s,0,%s,%s,%s::jsonb,NULL)::procrastinate_job_to_defer_v1])",
            ("default", name, thread, job, f'{{"job": "{job}"}}'),
        )

    def clear(self) -> None:
        with psycopg.connect(self.url) as connection:
            connection.execute("TRUNCATE procrastinate_jobs CASCADE")


if __name__ == "__main__":

    async def work() -> None:
        async with app.open_async():
            await app.run_worker_async(
                concurrency=10,
                fetch_job_polling_interval=1,
                update_heartbeat_interval=2,
                stalled_worker_timeout=5,
                delete_jobs="never",
                install_signal_handlers=False,
            )

    asyncio.run(work())
