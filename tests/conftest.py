"""What many tests share: the pack, the desk, and a way to break a small pack on purpose."""

import shutil
from pathlib import Path

import pytest
from small_pack import TINY, BreakPack

from bot.desk import Desk
from intents import Understanding, load_understanding
from knowledge import Pack, load_pack


@pytest.fixture(scope="session")
def pack() -> Pack:
    return load_pack("atrustia")


@pytest.fixture(scope="session")
def understanding(pack: Pack) -> Understanding:
    return load_understanding(pack)


@pytest.fixture(scope="session")
def desk(pack: Pack, understanding: Understanding) -> Desk:
    return Desk(pack, understanding)


@pytest.fixture
def break_pack(tmp_path: Path) -> BreakPack:
    """A copy of the tiny pack in which one text of one file is another."""

    def broken(file: str, find: str, put: str) -> Path:
        folder = tmp_path / "pack"
        shutil.copytree(TINY, folder)
        text = (folder / file).read_text(encoding="utf-8")
        assert find in text, f"{find!r} is not in {file}"
        (folder / file).write_text(text.replace(find, put, 1), encoding="utf-8")
        return folder

    return broken
