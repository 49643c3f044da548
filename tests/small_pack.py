"""The smallest pack that has everything, for tests that break a pack on purpose."""

from collections.abc import Callable
from pathlib import Path

TINY = Path(__file__).parent / "packs" / "tiny"
BreakPack = Callable[[str, str, str], Path]
"""Takes a file of the pack, a text to find in it and one to put there; gives the folder of the broken copy."""
