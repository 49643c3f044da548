"""The properties that every pack must have, each proved by trying its cases.

Each takes the case tables of a pack and gives a `Proof`: how many cases were tried, and the first that fails.
"""

import os
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

from knowledge.cases import ContradictionError, GapError
from knowledge.decide import decider_of
from knowledge.facts import Values
from knowledge.finding import Finding, Verdict
from knowledge.guards import Guard
from knowledge.pack import Pack, load_pack
from knowledge.partial import Partial, partial_cases
from knowledge.rules import Exemption, RuleHead
from knowledge.table import CaseTable


@dataclass(frozen=True)
class Proof:
    """One property: its name, the number of cases tried, and a counterexample or nothing."""

    name: str
    cases: int
    counterexample: str = ""


class Tables:
    """The case tables of one pack, made when they are first needed."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack

    @cached_property
    def clauses(self) -> CaseTable:
        """Cases told apart by verdict and by clause."""
        return CaseTable(self.pack)

    @cached_property
    def verdicts(self) -> CaseTable:
        """Cases told apart by verdict alone."""
        return CaseTable(self.pack, verdicts_only=True)


def one_verdict(tables: Tables) -> Proof:
    """Every complete case has exactly one verdict, and no two exceptions of a rule contradict each other."""
    name = "every case has exactly one verdict, and no two exceptions contradict each other"
    try:
        return Proof(name, tables.clauses.complete_cases)
    except GapError as gap:
        return Proof(name, 0, f"no rule speaks on {_words(gap.args[0])}")
    except ContradictionError as contradiction:
        ids, case = contradiction.args
        return Proof(name, 0, f"{' and '.join(ids)} contradict each other on {_words(case)}")


def clauses_exist(tables: Tables) -> Proof:
    """Every clause that a rule, an exception or a guard cites stands in the policy (refused on load already)."""
    pack = tables.pack
    parts: tuple[RuleHead | Exemption, ...] = (*pack.rules.values(), *pack.exceptions.values())
    cited = [clause for part in parts for clause in (part.clause, *part.see) if clause]
    missing = [clause for clause in cited if clause not in pack.policy.clauses]
    return Proof("every clause cited exists", len(cited), f"there is no clause {missing[0]}" if missing else "")


def clauses_reached(tables: Tables) -> Proof:
    """Every clause is cited in some case, or is marked as explanation only."""
    pack = tables.pack
    reached = {clause for leaf in tables.clauses.leaves for clause in leaf.outcome.clauses}
    with_text = [clause.id for clause in pack.policy.clauses.values() if clause.text]
    wanted = [clause for clause in with_text if clause not in pack.guards.explanation_only]
    missed = [clause for clause in wanted if clause not in reached]
    fault = f"no case cites {missed[0]}: add a rule, or list it under explanation_only in guards.yaml" if missed else ""
    return Proof("every clause is reached by some case or marked as explanation only", len(wanted), fault)


def nothing_idle(tables: Tables) -> Proof:
    """Every rule and every exception decides some case."""
    pack = tables.pack
    outcomes = [leaf.outcome for leaf in tables.clauses.leaves]
    deciding = {part.id for outcome in outcomes for part in outcome.parts}
    idle = [part for part in (*pack.rules, *pack.exceptions) if part not in deciding]
    fault = f"{idle[0]} never decides anything" if idle else ""
    return Proof("every rule and every exception decides some case", len(pack.rules) + len(pack.exceptions), fault)


def guards_hold(tables: Tables) -> Proof:
    """What guards.yaml demands holds in every case, such as: nothing to a third party without an exception."""
    table, guards = tables.verdicts, tables.pack.guards.guards
    for guard in guards:
        wrong = table.meeting(guard.when) & table.verdicts[Verdict(guard.verdict)]
        for test in guard.needs_one_of:
            wrong &= ~table.always_meeting(test)
        if wrong:
            return Proof(_guard_name(guards), 0, f"{guard.id} fails on {_words(table.example(wrong))}")
    return Proof(_guard_name(guards), table.complete_cases * len(guards))


def _guard_name(guards: tuple[Guard, ...]) -> str:
    titles = [guard.title.en.rstrip(".") for guard in guards]
    return "; ".join(titles) or "no guards are stated"


Claim = Callable[[CaseTable, Partial, Finding, set[Verdict]], bool]


def _yes_is_sure(_: CaseTable, __: Partial, finding: Finding, possible: set[Verdict]) -> bool:
    return finding.verdict != Verdict.ALLOWED or possible == {Verdict.ALLOWED}


def _no_is_sure(_: CaseTable, __: Partial, finding: Finding, possible: set[Verdict]) -> bool:
    return finding.verdict != Verdict.NOT_ALLOWED or possible <= {Verdict.NOT_ALLOWED, Verdict.ESCALATE}


def _agreement_is_said(_: CaseTable, __: Partial, finding: Finding, possible: set[Verdict]) -> bool:
    return len(possible) != 1 or finding.verdict in possible


def _conditions_suffice(table: CaseTable, partial: Partial, finding: Finding, _: set[Verdict]) -> bool:
    if finding.verdict != Verdict.CONDITIONAL:
        return True
    if not finding.conditions:
        return False
    for condition in finding.conditions:
        if not _allows(table, partial, condition.facts):
            return False
        smaller = ({k: v for k, v in condition.facts.items() if k != fact} for fact in condition.facts)
        if any(_allows(table, partial, facts) for facts in smaller):
            return False
    return True


def _allows(table: CaseTable, partial: Partial, facts: dict[str, str]) -> bool:
    rows = partial.completions
    for fact, value in facts.items():
        rows &= table.agreeing(fact, value)
    return table.verdicts_in(rows) == {Verdict.ALLOWED}


def _question_is_open(_: CaseTable, partial: Partial, finding: Finding, possible: set[Verdict]) -> bool:
    if finding.verdict == Verdict.CLARIFY and (finding.follow_up is None or len(possible) < 2):
        return False
    return finding.follow_up is None or partial.stated.get(finding.follow_up.fact) is None


CLAIMS: dict[str, Claim] = {
    "never a yes unless every completion is a yes": _yes_is_sure,
    "never a no unless every completion is a no (or needs a person)": _no_is_sure,
    "what every completion agrees on is said": _agreement_is_said,
    "each condition shown is enough for a yes, and none is larger than it must be": _conditions_suffice,
    "a question back asks for a fact that is open and changes the verdict": _question_is_open,
}


Decide = Callable[[Pack], Callable[[Values], Finding]]
FEW = 1_000_000
"""With no more complete cases than this, a pack is tried in this process: starting others would take longer."""


def rules_decide(pack: Pack) -> Callable[[Values], Finding]:
    """How findings are made: by the rules of the pack."""
    return decider_of(pack).decide


def incomplete_cases(tables: Tables, decide: Decide = rules_decide) -> list[Proof]:
    """The properties of findings on incomplete cases, all proved in one walk, shared out among the processors."""
    workers = 1 if tables.clauses.complete_cases <= FEW else os.cpu_count() or 1
    jobs = [(tables.pack.path, share, workers, decide) for share in range(workers)]
    if workers == 1:
        results = [_try_share(jobs[0])]
    else:
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            results = list(pool.map(_try_share, jobs))
    tried = sum(result[0] for result in results)
    return [Proof(name, tried, next((f[name] for _, f in results if name in f), "")) for name in CLAIMS]


def _try_share(job: tuple[Path, int, int, Decide]) -> tuple[int, dict[str, str]]:
    """Try every n-th incomplete case of the pack at a path: how many, and the first failure of each claim."""
    path, share, shares, deciding = job
    pack = load_pack(path)
    table, decide = CaseTable(pack, verdicts_only=True), deciding(pack)
    tried, failures = 0, dict[str, str]()
    for partial in islice(partial_cases(table), share, None, shares):
        tried += 1
        finding, possible = decide(partial.stated), table.verdicts_in(partial.completions)
        for name, holds in CLAIMS.items():
            if name not in failures and not holds(table, partial, finding, possible):
                outcomes = ", ".join(sorted(possible))
                failures[name] = f"{_words(partial.stated)} gives {finding.verdict}, possible: {outcomes}"
    return tried, failures


def _words(case: Mapping[str, str | None]) -> str:
    return " ".join(f"{fact}={value or '?'}" for fact, value in case.items()) or "an empty case"
