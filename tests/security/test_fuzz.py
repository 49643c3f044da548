"""Signed payloads of any shape: no traceback, nothing half written, and the desk still answers."""

import json
import logging
from itertools import count
from typing import Any
from urllib.parse import urlencode

import pytest
from fuzzing import NAMES, many, still_well, trees
from hypothesis import given
from hypothesis import strategies as st
from signed import Endpoint, signed
from workspace import Workspace

from bot.store.tables import Inbound, Outbound

bodies = st.dictionaries(st.sampled_from(NAMES), trees, min_size=1, max_size=8)
events = st.fixed_dictionaries(
    {"type": st.just("event_callback"), "team_id": st.just("T1"), "event_id": st.text(max_size=8)},
    optional={"event": st.dictionaries(st.sampled_from(NAMES), trees, max_size=8) | trees, "authorizations": trees},
)
_numbers = count(1)


@many
@given(body=bodies | events)
def test_any_json_is_taken_calmly(
    body: dict[str, Any], served: Workspace, endpoint: Endpoint, caplog: pytest.LogCaptureFixture
) -> None:
    raw = json.dumps(body).encode()
    with caplog.at_level(logging.WARNING):
        assert endpoint.post(raw, signed(raw)) < 500
        served.worker.work()
        still_well(served, endpoint, caplog)


@many
@given(body=bodies)
def test_any_form_is_taken_calmly(
    body: dict[str, Any], served: Workspace, endpoint: Endpoint, caplog: pytest.LogCaptureFixture
) -> None:
    raw = urlencode({"payload": json.dumps(body)}).encode()
    with caplog.at_level(logging.WARNING):
        assert endpoint.post(raw, signed(raw), "application/x-www-form-urlencoded") < 500
        served.worker.work()
        still_well(served, endpoint, caplog)


@many
@given(raw=st.binary(max_size=300) | st.text(max_size=100).map(lambda text: text.encode("utf-8", "replace")))
def test_any_bytes_are_taken_calmly(
    raw: bytes, served: Workspace, endpoint: Endpoint, caplog: pytest.LogCaptureFixture
) -> None:
    text = raw.decode("utf-8", "replace").encode()
    with caplog.at_level(logging.WARNING):
        for content_type in ("application/json", "application/x-www-form-urlencoded", "text/plain", ""):
            assert endpoint.post(text, signed(text + b" " * next(_numbers)), content_type) < 500
            assert endpoint.post(text, signed(text), content_type) < 500
        still_well(served, endpoint, caplog)
    assert served.rows(Outbound) != []
    assert all(row.handled_at for row in served.rows(Inbound))
