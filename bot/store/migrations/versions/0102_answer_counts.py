"""Answers are counted by verdict when they are given; those that were given before are counted here, once."""

import sqlalchemy as sa
from alembic import op

revision = "0102"
down_revision = "0101"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Count what is there, and nothing twice: what a newer release counted beside an older schema is counted anew."""
    answer = sa.table("answer", sa.column("form", sa.JSON()))
    counter = sa.table("counter", sa.column("name", sa.String()), sa.column("value", sa.Integer()))
    verdict = answer.c.form["verdict"].as_string().label("verdict")
    counted = sa.select(verdict, sa.func.count().label("number")).group_by(verdict).subquery()
    rows = sa.select(sa.literal("answers.", sa.String()) + counted.c.verdict, counted.c.number)
    op.execute(counter.delete().where(counter.c.name.startswith("answers.")))
    op.execute(counter.insert().from_select(["name", "value"], rows))
