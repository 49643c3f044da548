"""Tickets to the end: their course, a chained history, feedback, precedents, records of provision."""

import json
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TEXT: sa.types.TypeEngine[str] = sa.String()
MOMENT: sa.types.TypeEngine[datetime] = sa.DateTime(timezone=True)
Columns = dict[str, sa.types.TypeEngine[Any]]


def upgrade() -> None:
    """Add what is new, and chain the events that are there already."""
    _new_tables()
    _outbound()
    _ticket()
    _history()
    _purging()


def _new_tables() -> None:
    op.create_table(
        "provision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", TEXT, nullable=False),
        sa.Column("made_by", TEXT, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("keep_until", sa.Date(), nullable=False),
        sa.Column("record", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_provision_conversation_id", "provision", ["conversation_id"])
    op.create_table(
        "feedback",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("user_id", TEXT, nullable=False),
        sa.Column("right", sa.Boolean(), nullable=False),
        sa.Column("reason", TEXT, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["answer.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("answer_id", "user_id"),
    )
    op.create_index("ix_feedback_answer_id", "feedback", ["answer_id"])
    op.create_index("ix_feedback_at_right", "feedback", ["at", "right"])
    given = sa.text("reason IS NOT NULL")
    op.create_index("ix_feedback_reason_at", "feedback", ["at"], sqlite_where=given, postgresql_where=given)
    op.create_table(
        "precedent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("language", TEXT, nullable=False),
        sa.Column("facts_key", TEXT, nullable=False),
        sa.Column("question", TEXT, nullable=False),
        sa.Column("answer", TEXT, nullable=False),
        sa.Column("policy_version", TEXT, nullable=False),
        sa.Column("approved_by", TEXT, nullable=False),
        sa.Column("approved_at", MOMENT, nullable=False),
        sa.Column("withdrawn_by", TEXT, nullable=True),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("ticket_id"),
    )
    op.create_index("ix_precedent_facts_key", "precedent", ["facts_key"])


def _outbound() -> None:
    with op.batch_alter_table("outbound") as table:
        table.add_column(sa.Column("ticket_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("thread_of", TEXT, nullable=True))
        table.add_column(sa.Column("in_place_of", TEXT, nullable=True))
        table.add_column(sa.Column("channel", TEXT, nullable=True))
        table.create_index("ix_outbound_conversation_id", ["conversation_id"])
        table.create_index("ix_outbound_ticket_id", ["ticket_id"])
        table.create_index("ix_outbound_ts", ["ts"])


def _ticket() -> None:
    with op.batch_alter_table("ticket") as table:
        new: Columns = {
            "details": sa.JSON(), "waiting_since": MOMENT, "known_at": MOMENT, "classes": sa.JSON(), "outcome": TEXT,
            "ground": TEXT, "merged_into": sa.Integer(), "closed_at": MOMENT, "purged_at": MOMENT,
        }  # fmt: skip
        for name, kind in new.items():
            table.add_column(sa.Column(name, kind, nullable=True))
        table.drop_index("ix_ticket_requester_id")
        table.create_index("ix_ticket_requester_number", ["requester_id", "number"])
        table.create_index("ix_ticket_state_number", ["state", "number"])
    for name, columns in {
        "ix_ticket_due": ["due_at"], "ix_ticket_kind_due": ["kind", "due_at"],
        "ix_ticket_state_due": ["state", "due_at"],
        "ix_ticket_assignee_due": ["assignee_id", "due_at"],
    }.items():  # fmt: skip
        running = sa.text("state != 'closed'")
        op.create_index(name, "ticket", columns, sqlite_where=running, postgresql_where=running)
    _tallies()


def _purging() -> None:
    """Where the removal of texts finds what is due."""
    for name in ("inbound", "answer", "outbound"):
        op.add_column(name, sa.Column("purged_at", MOMENT, nullable=True))
    closed = "state = 'closed' AND (purged_at IS NULL OR purged_at < closed_at)"
    for table, columns, condition in (
        ("inbound", ["handled_at"], "purged_at IS NULL"),
        ("answer", ["given_at"], "purged_at IS NULL"),
        ("outbound", ["created_at"], "purged_at IS NULL"),
        ("conversation", ["updated_at"], "state IS NOT NULL"),
        ("ticket", ["kind", "closed_at"], closed),
        ("provision", ["keep_until"], "record IS NOT NULL"),
    ):
        where = sa.text(condition)
        op.create_index(f"ix_{table}_to_purge", table, columns, sqlite_where=where, postgresql_where=where)


def _tallies() -> None:
    """Count the tickets of the first schema under their kinds and states."""
    counted = "'tickets.' || kind || '.' || state"
    op.execute(f"INSERT INTO counter (name, value) SELECT {counted}, count(*) FROM ticket GROUP BY kind, state")  # noqa: S608


def _history() -> None:
    with op.batch_alter_table("ticket_event") as table:
        new: Columns = {
            "position": sa.Integer(), "state": TEXT, "texts": sa.JSON(), "salt": TEXT, "commitment": TEXT,
            "previous": TEXT, "digest": TEXT,
        }  # fmt: skip
        for name, kind in new.items():
            table.add_column(sa.Column(name, kind, nullable=True))
    _chain()
    with op.batch_alter_table("ticket_event") as table:
        for name in ("position", "state", "previous", "digest"):
            table.alter_column(name, existing_type=sa.Integer() if name == "position" else TEXT, nullable=False)
        table.create_unique_constraint("uq_ticket_event_position", ["position"])
        table.drop_index("ix_ticket_event_ticket_id")
        table.create_index("ix_ticket_event_ticket_position", ["ticket_id", "position"])


def _chain() -> None:
    """Give the events of the first schema their places and digests, as `bot.tickets.history` computed them then."""
    events, tickets, counters = _tables()
    connection = op.get_bind()
    query = sa.select(events, tickets.c.state.label("now"), tickets.c.due_at, tickets.c.assignee_id)
    rows = connection.execute(query.join(tickets, tickets.c.id == events.c.ticket_id).order_by(events.c.id)).all()
    previous = "0" * 64
    for position, row in enumerate(rows, 1):
        detail = {"due": _moment(row.due_at), "assignee": row.assignee_id, **row.detail}
        digest = _digest(position, row, detail, previous)
        connection.execute(
            events.update()
            .where(events.c.id == row.id)
            .values(position=position, state=row.now, detail=detail, previous=previous, digest=digest)
        )
        previous = digest
    connection.execute(counters.insert().values(name="ticket_event", value=len(rows)))


def _tables() -> tuple[sa.Table, sa.Table, sa.Table]:
    meta = sa.MetaData()
    numbers, words = sa.Integer, sa.String
    events = sa.Table(
        "ticket_event", meta, sa.Column("id", numbers), sa.Column("ticket_id", numbers), sa.Column("at", MOMENT),
        sa.Column("actor_id", words), sa.Column("kind", words), sa.Column("detail", sa.JSON),
        sa.Column("position", numbers), sa.Column("state", words), sa.Column("previous", words),
        sa.Column("digest", words),
    )  # fmt: skip
    tickets = sa.Table(
        "ticket", meta, sa.Column("id", numbers), sa.Column("state", words), sa.Column("due_at", MOMENT),
        sa.Column("assignee_id", words),
    )  # fmt: skip
    return events, tickets, sa.Table("counter", meta, sa.Column("name", words), sa.Column("value", numbers))


def _moment(moment: datetime) -> str:
    aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return aware.isoformat(timespec="microseconds")


def _digest(position: int, row: Any, detail: dict[str, Any], previous: str) -> str:
    whole = {
        "position": position,
        "ticket": row.ticket_id,
        "at": _moment(row.at),
        "actor": row.actor_id,
        "kind": row.kind,
        "state": row.now,
        "detail": detail,
        "commitment": None,
        "previous": previous,
    }
    return sha256(json.dumps(whole, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
