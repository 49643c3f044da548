"""A bare Bolt app: acknowledges, posts a fixed reply, stores nothing. Served as the desk is."""

import logging
import os
import sys
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient
from waitress.server import create_server


def main() -> None:
    """Serve until told to stop."""
    client = WebClient(os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"])
    app = App(client=client, signing_secret=os.environ["SLACK_SIGNING_SECRET"], token_verification_enabled=False)

    @app.event("message")
    def answer(event: dict[str, Any], say: Any) -> None:
        say(text="A fixed reply.", thread_ts=event["ts"])

    server = create_server(SlackRequestHandler(app), host="127.0.0.1", port=0, threads=8)
    logging.disable()
    print(f"listening on http://127.0.0.1:{server.effective_port}/slack/events", file=sys.stderr, flush=True)
    server.run()


if __name__ == "__main__":
    main()
