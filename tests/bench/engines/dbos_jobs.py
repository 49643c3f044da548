"""The jobs of the trial on DBOS. Dead workers are found by a heartbeat of ours: see `beat`."""

import os
import sys
import time
from typing import Any

import sqlalchemy as sa
from dbos import DBOS, DBOSClient, DBOSConfig

QUEUE = "trial"
database: sa.Engine


def write(job: str, step: str) -> None:
    with database.begin() as connection:
        connection.execute(sa.text("INSERT INTO effect VALUES (:job, :step)"), {"job": job, "step": step})


@DBOS.step()
def one(job: str, step: str) -> None:
    write(job, step)


@DBOS.workflow(name="note")
def note(job: str) -> None:
    one(job, "only")


@DBOS.workflow(name="dies")
def dies(job: str) -> None:
    one(job, "first")
    if sys.argv[2] == "1":
        os.kill(os.getpid(), 9)
    one(job, "second")


@DBOS.workflow(name="stuck")
def stuck(job: str) -> None:
    time.sleep(3600)


class Engine:
    """Enqueues from outside, as the web process does."""

    def __init__(self, url: str) -> None:
        launch(url, "driver", listen=False)
        self.client = DBOSClient(system_database_url=url)
        self.url = url

    def options(self, name: str, job: str, thread: str) -> Any:
        return {"workflow_name": name, "queue_name": QUEUE, "workflow_id": job, "queue_partition_key": thread}

    def enqueue(self, name: str, job: str, thread: str) -> None:
        self.client.enqueue(self.options(name, job, thread), job)

    def enqueue_in(self, connection: sa.Connection, name: str, job: str, thread: str) -> None:
        self.client.enqueue_in_transaction(connection, self.options(name, job, thread), job)

    def clear(self) -> None:
        prefix = "" if self.url.startswith("sqlite") else "dbos."
        with database.begin() as connection:
            connection.exec_driver_sql(f"DELETE FROM {prefix}workflow_status")


def launch(url: str, executor: str, *, listen: bool) -> None:
    global database  # noqa: PLW0603 - the jobs are functions of a module
    database = sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    config: DBOSConfig = {
        "name": "trial", "system_database_url": url, "executor_id": executor, "application_version": "1",
        "log_level": "ERROR",
    }  # fmt: skip
    DBOS(config=config)
    DBOS.listen_queues([QUEUE] if listen else [])
    DBOS.launch()
    DBOS.register_queue(QUEUE, partition_concurrency=1, polling_interval_sec=0.1)


if __name__ == "__main__":
    launch(sys.argv[1], sys.argv[2], listen=True)
    while True:
        time.sleep(1)
        if os.environ.get("TAKE_OVER") and sys.argv[2] == "2":
            DBOS._recover_pending_workflows(["1"])
