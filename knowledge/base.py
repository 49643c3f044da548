"""What every model of a pack shares: frozen, and strict about unknown keys."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Language = Literal["en", "ja"]
Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class Frozen(BaseModel):
    """A value that never changes and takes no key it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(Frozen):
    """One sentence or label in the languages that the desk answers in."""

    en: str = Field(min_length=1)
    ja: str = Field(min_length=1)

    def in_language(self, language: str) -> str:
        """The wording in `language` ("en" or "ja"); English for any other."""
        return self.ja if language == "ja" else self.en
