"""The README cannot drift: its example is run, and its table names every setting with its default."""

import re
import shlex
from pathlib import Path

from click.testing import CliRunner

from bot.cli.main import main
from bot.settings import Settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_first_example_prints_what_it_says() -> None:
    example = re.search(r"```console\n\$ (privacy-desk ask .*)\n([\s\S]*?)```", README)
    assert example is not None
    assert CliRunner().invoke(main, shlex.split(example[1])[1:]).output == example[2]


def test_the_example_stands_on_the_first_screen() -> None:
    assert "privacy-desk ask" in "\n".join(README.splitlines()[:10])


def test_every_setting_is_told_with_its_default() -> None:
    rows = re.findall(r"^\| `([A-Z_]+)` \| (?:`(.*?)`)? ?\| (.+) \|$", README, re.MULTILINE)
    told = {name: (default, text) for name, default, text in rows}
    assert told == {
        name.upper(): ("" if field.default in (None, ()) else str(field.default), field.description)
        for name, field in Settings.model_fields.items()
    }


def test_the_example_file_of_settings_names_real_ones() -> None:
    names = re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(names) <= {name.upper() for name in Settings.model_fields}


def test_links_lead_somewhere() -> None:
    for page in (ROOT / "README.md", ROOT / "knowledge" / "README.md", *(ROOT / "docs").rglob("*.md")):
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page} links to {target}"
