"""Everything that people touch: Slack, the command line, answers, tickets, the store."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
"""Before numpy is imported: one question is read by one thread. More threads only wait for each other, busily."""
