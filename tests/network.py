"""The network of the tests: what Slack's library sends goes to a simulated Slack in this process."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qsl
from urllib.request import Request

import slack_sdk.web.base_client
import slack_sdk.webhook.client
from slacksim import SlackSim

MODULES: tuple[Any, ...] = (slack_sdk.web.base_client, slack_sdk.webhook.client)


class _Response(io.BytesIO):
    def __init__(self, headers: Message, body: bytes) -> None:
        super().__init__(body)
        self.code = self.status = 200
        self.headers = headers


@contextmanager
def network(slack: SlackSim) -> Iterator[None]:
    """Until the end of the block, all calls reach this Slack and nothing else."""

    def urlopen(request: Request, **_: Any) -> _Response:
        method = request.full_url.rsplit("/", 1)[-1]
        status, given, payload = slack.call("respond" if "answer_url" in method else method, _body(request))
        headers = Message()
        for name, value in {**given, "Content-Type": "application/json"}.items():
            headers[name] = value
        if status >= 400:
            raise HTTPError(request.full_url, status, "trouble", headers, io.BytesIO(payload.encode()))
        return _Response(headers, payload.encode())

    before = [module.urlopen for module in MODULES]
    for module in MODULES:
        module.urlopen = urlopen
    try:
        yield
    finally:
        for module, urlopen_before in zip(MODULES, before, strict=True):
            module.urlopen = urlopen_before


def _body(request: Request) -> dict[str, Any]:
    raw = bytes(request.data or b"").decode()  # type: ignore[arg-type]
    if "json" in (request.get_header("Content-type") or ""):
        return dict(json.loads(raw or "{}"))
    return dict(parse_qsl(raw))
