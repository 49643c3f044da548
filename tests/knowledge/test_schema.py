"""The exported JSON Schemas accept the shipped pack and refuse what the loader refuses."""

import json

import jsonschema
import pytest
import yaml

from knowledge import Pack
from knowledge.schema import SCHEMAS, schema_text


def test_the_shipped_pack_fits_its_schemas(pack: Pack) -> None:
    for name in SCHEMAS:
        file = "rules/purposes.yaml" if name == "rules" else f"{name}.yaml"
        jsonschema.validate(yaml.safe_load((pack.path / file).read_text()), json.loads(schema_text(name)))


def test_an_unknown_key_does_not_fit() -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"facts": [], "more": 1}, json.loads(schema_text("facts")))
