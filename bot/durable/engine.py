"""The engine: DBOS, on the desk's own database. Jobs are asked for in the transaction that makes them necessary.

DBOS keeps one instance in a process, so only one engine can run in a process at a time.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal

from dbos import DBOS, DBOSClient, DBOSConfig
from sqlalchemy import Connection, Engine, create_engine, event

from bot.durable.jobs import Job, Kind
from bot.store.database import Database
from bot.store.writers import take_turns

NAME, VERSION = "privacy-desk", "1"
"""Jobs are the same in every release: a release that changes what a job's name and subject mean raises VERSION."""
SECONDS_BETWEEN_LOOKS: dict[Kind, float] = {"handle": 0.1, "deliver": 0.1, "duty": 1.0}
"""Nobody waits for a duty."""
AT_ONCE: dict[str, dict[Kind, int]] = {
    "sqlite": {"handle": 8, "deliver": 8, "duty": 1},
    "postgresql": {"handle": 8, "deliver": 16, "duty": 2},
}
"""How many jobs of a kind a process takes at each look. Their threads take turns where only one can go on."""
DEATHS = 5
"""A job in whose hands so many processes died is not begun again: it is what kills them."""
State = Literal["waiting", "deadly", "done"]
STATES: dict[str, State] = {
    "ENQUEUED": "waiting", "PENDING": "waiting", "DELAYED": "waiting", "MAX_RECOVERY_ATTEMPTS_EXCEEDED": "deadly",
}  # fmt: skip
Do = Callable[[str], None]
log = logging.getLogger(__name__)


class DurableEngine:
    """Asks for jobs, and runs those of all processes that nobody else runs."""

    def __init__(self, database: Database, executor: str) -> None:
        """Take the database and this process's own name, which no other process has."""
        self.executor = executor
        self._system = _system_engine(database)
        self._url = database.url
        self._client = DBOSClient(
            system_database_url=self._url, system_database_engine=self._system, application_name=NAME, lazy=True
        )

    def start(self, work: dict[Kind, Do]) -> None:
        """Begin to run jobs: `work` says what each kind does with its subject. It must never raise."""
        config: DBOSConfig = {
            "name": NAME,
            "system_database_url": self._url,
            "system_database_engine": self._system,
            "executor_id": self.executor,
            "application_version": VERSION,
            "log_level": "ERROR",  # of a database that is away, one line from the desk itself is enough
            "use_listen_notify": False,
        }
        DBOS(config=config)
        logging.getLogger("dbos").handlers.clear()  # its lines go where all others go
        logging.getLogger("dbos").propagate = True
        for kind, do in work.items():
            DBOS.workflow(name=kind, max_recovery_attempts=DEATHS)(_named(do))
        DBOS.launch()
        at_once = AT_ONCE[self._system.dialect.name]
        for kind in work:
            DBOS.register_queue(
                kind,
                partition_concurrency=1,
                worker_concurrency=at_once[kind],
                polling_interval_sec=SECONDS_BETWEEN_LOOKS[kind],
                on_conflict="always_update",
            )

    def stop(self, patience: int) -> None:
        """Run no more jobs; wait so many seconds for those in hand. What is left goes to another process."""
        DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=patience)
        self._system.dispose()

    def ask(self, connection: Connection, job: Job) -> None:
        """Ask for a job in a transaction on the desk's database: it stands or falls with it."""
        self._client.enqueue_in_transaction(connection, self._options(job), job.subject)

    def ask_now(self, job: Job) -> None:
        """Ask for a job in a transaction of its own."""
        self._client.enqueue(self._options(job), job.subject)

    def take_over(self, dead: list[str]) -> None:
        """Run what processes that are gone had begun."""
        DBOS._recover_pending_workflows(dead)

    def begun(self, before: datetime) -> list[tuple[str, str, str]]:
        """What this process began before a moment and has not ended, by the record: names, kinds and subjects."""
        rows = DBOS.list_workflows(status="PENDING", executor_id=self.executor, dequeued_before=before.isoformat())
        return [(row.workflow_id, row.name, str((row.input or {"args": [""]})["args"][0])) for row in rows]

    def states(self, names: list[str]) -> dict[str, State]:
        """What has become of these jobs, as far as there is a record."""
        if not names:
            return {}
        rows = DBOS.list_workflows(workflow_ids=names, load_input=False, load_output=False)
        return {row.workflow_id: STATES.get(row.status, "done") for row in rows}

    def run_again(self, name: str, kind: str) -> None:
        """Run a begun job again that this process no longer has in hand."""
        DBOS.resume_workflow(name, queue_name=kind)

    def forget(self, before: str, at_most: int = 1000) -> int:
        """Delete the records of jobs that were done before a moment (ISO 8601); gives how many."""
        done = DBOS.list_workflows(
            status=["SUCCESS", "ERROR", "CANCELLED"], completed_before=before, limit=at_most, load_input=False,
            load_output=False,
        )  # fmt: skip
        if done:
            DBOS.delete_workflows([row.workflow_id for row in done])
        return len(done)

    def _options(self, job: Job) -> Any:
        options = {
            "workflow_name": job.kind, "queue_name": job.kind, "workflow_id": job.name,
            "queue_partition_key": job.lane, "app_version": VERSION,
        }  # fmt: skip
        return options if job.delay is None else {**options, "delay_seconds": job.delay}


def _named(do: Do) -> Callable[[str], None]:
    def work(subject: str) -> None:
        do(subject)

    return work


def _system_engine(database: Database) -> Engine:
    """The engine's own connections. On SQLite its records may lag behind the desk's after a power cut: see `adopt`."""
    if not database.url.startswith("sqlite"):
        return create_engine(database.url, pool_pre_ping=True, pool_size=10, max_overflow=10, hide_parameters=True)
    engine = create_engine(database.url, connect_args={"check_same_thread": False}, hide_parameters=True)
    take_turns(engine)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = "IMMEDIATE"  # as DBOS sets it for its own connections
        for pragma in ("busy_timeout=30000", "foreign_keys=ON", "synchronous=NORMAL"):
            connection.execute(f"PRAGMA {pragma}")

    return engine
