"""How Alembic runs the migrations: always from the program, over a connection that it is handed."""

from alembic import context
from sqlmodel import SQLModel

import bot.store.tables  # noqa: F401 - the tables register themselves

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=SQLModel.metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
