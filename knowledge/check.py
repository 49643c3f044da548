"""The pack check: loads a pack and proves its properties by enumeration."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from knowledge.pack import load_pack
from knowledge.properties import (
    Proof,
    Tables,
    clauses_exist,
    clauses_reached,
    guards_hold,
    incomplete_cases,
    nothing_idle,
    one_verdict,
)


@dataclass
class Report:
    """What was proved of a pack, and what was not."""

    pack: str
    proofs: list[Proof] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether every property holds."""
        return not any(proof.counterexample for proof in self.proofs)

    def lines(self) -> Iterator[str]:
        """One line for each property, with its cases or its counterexample."""
        for proof in self.proofs:
            if proof.counterexample:
                yield f"FAILS  {proof.name}\n       counterexample: {proof.counterexample}"
            else:
                yield f"holds  {proof.name} ({proof.cases:,} cases)"
        yield f"{self.pack}: " + ("all properties hold" if self.ok else "not every property holds")


def check_pack(name_or_path: str | Path = "atrustia", first: Sequence[Proof] = ()) -> Report:
    """Load a pack and prove its properties. Raises PackError where it cannot be loaded.

    `first` are proofs of other layers that the report begins with. A pack whose cases have no single verdict is not
    tried further: nothing else can be said of it.
    """
    pack = load_pack(name_or_path)
    tables = Tables(pack)
    report = Report(pack.policy.id, [*first, clauses_exist(tables), one_verdict(tables)])
    if report.ok:
        report.proofs += [clauses_reached(tables), nothing_idle(tables), guards_hold(tables)]
        report.proofs += incomplete_cases(tables)
    return report
