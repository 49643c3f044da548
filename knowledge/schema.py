"""JSON Schemas of a pack's files, for editors that complete and check while one writes."""

import json

from pydantic import BaseModel

from knowledge.guards import GuardFile
from knowledge.pack import FactFile
from knowledge.policy import Policy
from knowledge.records import RecordFile
from knowledge.requests import RequestFile
from knowledge.rules import RuleFile

SCHEMAS: dict[str, type[BaseModel]] = {
    "policy": Policy,
    "facts": FactFile,
    "rules": RuleFile,
    "guards": GuardFile,
    "requests": RequestFile,
    "records": RecordFile,
}
"""The name of a file (for rules: of each file in the folder) and the model that it must fit."""


def schema_text(name: str) -> str:
    """The JSON Schema of one file of a pack. Raises KeyError for an unknown name."""
    return json.dumps(SCHEMAS[name].model_json_schema(), indent=2, ensure_ascii=False) + "\n"
