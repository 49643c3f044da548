"""One workspace for all end-to-end tests."""

from collections.abc import Iterator

import pytest
from town import Town, open_town


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    yield from open_town(tmp_path_factory.mktemp("town"))
