"""YAML read strictly: every scalar is text, a key may stand once, and each value knows its line.

Plain YAML turns `no` into False and section `1.10` into 1.1, and lets a second key of the same name win silently.
"""

from pathlib import Path

import yaml

from knowledge.errors import PackError

Place = tuple[str | int, ...]


class _Loader(yaml.CBaseLoader if yaml.__with_libyaml__ else yaml.BaseLoader):  # type: ignore[misc]
    """Composes the document without turning text into numbers, dates or truth values."""


class Document:
    """The data of one YAML file, with the line of each value."""

    def __init__(self, path: Path) -> None:
        """Read `path`. Raises PackError when the file is missing or no clean YAML."""
        self.path = path
        self._lines: dict[Place, int] = {}
        try:
            node = yaml.compose(path.read_text(encoding="utf-8"), Loader=_Loader)
        except FileNotFoundError:
            raise PackError("the file is missing", path, hint="create it; knowledge/README.md shows how") from None
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            mark = getattr(error, "problem_mark", None)
            problem = getattr(error, "problem", None) or str(error)
            raise PackError(f"this is no valid YAML: {problem}", path, mark.line + 1 if mark else 1) from None
        self.data: object = self._build(node, ()) if node else {}

    def line(self, place: Place) -> int:
        """The line of the value at `place`, or of the nearest one around it."""
        while place and place not in self._lines:
            place = place[:-1]
        return self._lines.get(place, 1)

    def _build(self, node: yaml.Node, place: Place) -> object:
        self._lines[place] = node.start_mark.line + 1
        if isinstance(node, yaml.SequenceNode):
            return [self._build(item, (*place, index)) for index, item in enumerate(node.value)]
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        return node.value

    def _mapping(self, node: yaml.MappingNode, place: Place) -> dict[str, object]:
        result: dict[str, object] = {}
        for key, value in node.value:
            if key.value in result:
                message = f"the key '{key.value}' stands here a second time"
                raise PackError(message, self.path, key.start_mark.line + 1, "keep one of the two")
            result[key.value] = self._build(value, (*place, key.value))
            self._lines[(*place, key.value)] = key.start_mark.line + 1
        return result
