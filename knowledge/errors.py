"""What can be wrong with a pack, said so that its author can mend it."""

from pathlib import Path


class PackError(Exception):
    """A fault in a pack: what is wrong, in which file and line, and what to do."""

    def __init__(self, message: str, path: Path | None = None, line: int | None = None, hint: str = "") -> None:
        """Keep the parts; the text of the error reads `file:line: message (hint)`."""
        place = f"{path}:{line}: " if path and line else f"{path}: " if path else ""
        super().__init__(place + message + (f" ({hint})" if hint else ""))
        self.message, self.path, self.line, self.hint = message, path, line, hint
