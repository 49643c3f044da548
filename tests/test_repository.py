"""What the repository must never hold."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]
FILES = [ROOT / name for name in subprocess.check_output(["git", "ls-files"], cwd=ROOT, text=True).splitlines()]
TEXTS = {
    path: path.read_text(encoding="utf-8")
    for path in FILES
    if path.suffix not in {".npz", ".onnx", ".png"} and path.exists()
}


def holding(pattern: str) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}: {found[0]}" for path, text in TEXTS.items() if (found := re.search(pattern, text))
    ]


def test_no_address_of_a_package_index() -> None:
    assert holding(r"(?i)--((extra-)?index" + r"-url|find" + r"-links|trusted" + r"-host)\s*[=\s]\s*\w") == []
    assert holding("(?i)pypi" + r"\.org|registry" + r"\.npmjs|\"resol" + r"ved\"") == []


def test_no_path_of_a_machine() -> None:
    assert holding("/(work|home|Users|opt|root)" + r"/\w") == []


def test_no_secret() -> None:
    assert holding(r"xox[bap]-\d|xapp-\d") == []


def test_everything_installed_is_pinned_with_its_hash() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pinned = re.findall(r"^[\w.-]+==.*?(?=^\S|\Z)", lock, re.MULTILINE | re.DOTALL)
    assert len(pinned) > 40
    assert [one for one in pinned if "--hash=sha256:" not in one] == []


def test_each_package_is_there_for_a_reason() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    packages = re.findall(r'^  "[A-Za-z].*[<>=].*$', project, re.MULTILINE)
    assert [line for line in packages if not re.search(r"# \w.{4,}", line)] == []
