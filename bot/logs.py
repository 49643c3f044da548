"""Structured logs: one JSON object a line, with ids and states, and nothing that anybody wrote."""

import json
import logging
import re
import sys
from datetime import UTC, datetime

SECRET = re.compile(r"xox[a-z]-[\w-]+|xapp-[\w-]+|xoxe[.\w-]+|https://hooks\.slack\.com/\S+|://[^\s:/@]+:[^\s@]+@")
"""Slack's tokens, answer URLs, and passwords in URLs: they never belong in a line, whoever wrote it."""


class JsonLines(logging.Formatter):
    """Formats records as JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """One line. Of an error it keeps the kind and the place, not the message, which may hold what people wrote."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": SECRET.sub("(secret)", record.getMessage()),
        }
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["at"] = _place(record)
        return json.dumps(line, ensure_ascii=False)


def _place(record: logging.LogRecord) -> str:
    trace = record.exc_info[2] if record.exc_info else None
    frames = []
    while trace is not None:
        frames.append(f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}")
        trace = trace.tb_next
    return " ".join(frames[-8:])


def set_up_logs() -> None:
    """All lines to standard error, as JSON; libraries say only what is wrong, and never a request or an answer."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("bot").setLevel(logging.INFO)
    for name in ("slack_sdk", "slack_bolt"):  # below this they log bodies
        logging.getLogger(name).setLevel(logging.CRITICAL)
