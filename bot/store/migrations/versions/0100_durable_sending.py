"""Sending that survives crashes: when a message was begun, when it is tried again, and which processes live."""

import sqlalchemy as sa
from alembic import op

revision = "0100"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; messages that wait get their destinations from what they hold."""
    op.create_table(
        "executor",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.add_column("outbound", sa.Column("destination", sa.String(), nullable=False, server_default=""))
    op.add_column("outbound", sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("outbound", sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("outbound", sa.Column("not_before", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_outbound_destination_sent_at", "outbound", ["destination", "sent_at"])
    counter = sa.table("counter", sa.column("name"), sa.column("value"))
    connection = op.get_bind()
    if connection.execute(sa.select(counter.c.name).where(counter.c.name == "ticket")).first() is None:
        # From the beginning, so that two processes never make it in the same moment.
        connection.execute(counter.insert().values(name="ticket", value=0))
    outbound = sa.table(
        "outbound", sa.column("id"), sa.column("name"), sa.column("destination"), sa.column("body", sa.JSON())
    )
    for row in connection.execute(sa.select(outbound.c.id, outbound.c.name, outbound.c.body)).all():
        destination = row.body.get("channel") or row.body.get("user_id") or row.name
        connection.execute(outbound.update().where(outbound.c.id == row.id).values(destination=destination))
