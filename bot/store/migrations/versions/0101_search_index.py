"""Words of questions are found from an index over groups of three characters.

SQLite: an FTS5 table over the column of `ticket`, kept by triggers. A later migration that builds `ticket` anew must
make the triggers anew too. PostgreSQL: an index of pg_trgm; where the extension may not be made, search stays slower.
"""

import sqlalchemy as sa
from alembic import op

revision = "0101"
down_revision = "0100"
branch_labels = None
depends_on = None

ADD = "INSERT INTO ticket_search (rowid, question) VALUES (new.id, new.question)"
REMOVE = "INSERT INTO ticket_search (ticket_search, rowid, question) VALUES ('delete', old.id, old.question)"
SQLITE = (
    "CREATE VIRTUAL TABLE ticket_search USING fts5(question, content='ticket', content_rowid='id', tokenize='trigram')",
    f"CREATE TRIGGER ticket_search_added AFTER INSERT ON ticket BEGIN {ADD}; END",
    f"CREATE TRIGGER ticket_search_removed AFTER DELETE ON ticket BEGIN {REMOVE}; END",
    "CREATE TRIGGER ticket_search_changed AFTER UPDATE OF question ON ticket WHEN old.question <> new.question "
    f"BEGIN {REMOVE}; {ADD}; END",
    "INSERT INTO ticket_search (ticket_search) VALUES ('rebuild')",
)
POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX ix_ticket_question_words ON ticket USING gin (question gin_trgm_ops)",
)
NOT_TO_BE_HAD = ("42501", "0A000", "58P01", "42704")
"""What PostgreSQL says where the extension may not be made, is not installed, or stands in a schema out of sight."""


def upgrade() -> None:
    """Make the index and fill it with the tickets that are there."""
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        for statement in SQLITE:
            connection.exec_driver_sql(statement)
        return
    try:
        with connection.begin_nested():
            for statement in POSTGRESQL:
                connection.exec_driver_sql(statement)
    except sa.exc.DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) not in NOT_TO_BE_HAD:
            raise
