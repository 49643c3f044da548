"""A pack is checked strictly on load; each fault is told with file, line and what to do."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from small_pack import TINY, BreakPack

from knowledge import PackError, load_pack

FAULTS: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parents[1] / "bad_packs" / "loading.yaml").read_text())


def test_the_tiny_pack_itself_is_fine() -> None:
    assert load_pack(TINY).policy.company == "Tiny Ltd"


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault["fault"])
def test_a_fault_is_refused_with_file_line_and_words(fault: dict[str, Any], break_pack: BreakPack) -> None:
    folder = break_pack(fault["file"], fault["find"], fault["put"])
    with pytest.raises(PackError) as error:
        load_pack(folder)
    message = str(error.value)
    assert [word for word in fault["says"] if word not in message] == []
    assert re.search(rf"{Path(fault['file']).name}:\d+: ", message)


def test_a_pack_that_is_not_there_lists_those_that_are() -> None:
    with pytest.raises(PackError, match="atrustia"):
        load_pack("nowhere")


def test_a_missing_file_is_named(break_pack: BreakPack) -> None:
    folder = break_pack("guards.yaml", "guards:", "guards:")
    (folder / "facts.yaml").unlink()
    with pytest.raises(PackError, match=r"facts\.yaml: the file is missing"):
        load_pack(folder)
