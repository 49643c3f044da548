"""The exported JSON Schemas accept the shipped pack and refuse what the loader refuses."""

import json

import jsonschema
import pytest
import yaml

from knowledge import Pack
from knowledge.schema import SCHEMAS, schema_text


def test_the_shipped_pack_fits_its_schemas(pack: Pack) -> None:
    files = {"policy": "policy.yaml", "facts": "facts.yaml", "guards": "guards.yaml", "rules": "rules/purposes.yaml"}
    assert set(files) == set(SCHEMAS)
    for name, file in files.items():
        jsonschema.validate(yaml.safe_load((pack.path / file).read_text()), json.loads(schema_text(name)))


def test_an_unknown_key_does_not_fit() -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"facts": [], "more": 1}, json.loads(schema_text("facts")))
