"""A pack: one policy's folder, loaded and checked."""

from collections.abc import Mapping
from itertools import combinations
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from knowledge.base import Frozen
from knowledge.errors import PackError
from knowledge.facts import Fact, Test
from knowledge.finding import Verdict
from knowledge.guards import GuardFile
from knowledge.policy import Policy
from knowledge.records import ProvisionRules, RecordFile
from knowledge.requests import RequestFile, RequestRules
from knowledge.rules import Exemption, Rule, RuleFile, WrittenRule
from knowledge.strict_yaml import Document, Place

Model = TypeVar("Model", bound=BaseModel)
CLAUSE_HINT = "clause ids are those of policy.yaml, such as '6(1)(i)'"
PACKS = Path(__file__).parent / "packs"


class FactFile(Frozen):
    """The file `facts.yaml`."""

    facts: tuple[Fact, ...]


class Pack:
    """One policy with its facts and rules. Nothing in it changes after loading."""

    def __init__(
        self,
        path: Path,
        policy: Policy,
        facts: Mapping[str, Fact],
        rules: tuple[Rule, ...],
        guards: GuardFile,
        requests: Mapping[str, RequestRules],
        provision: ProvisionRules | None,
    ) -> None:
        """Hold what `load_pack` has read and checked."""
        self.path, self.policy, self.facts, self.guards, self.requests = path, policy, facts, guards, requests
        self.rules: dict[str, Rule] = {rule.id: rule for rule in rules}
        self.exceptions: dict[str, Exemption] = {
            exception.id: exception for rule in rules for exception in rule.exceptions
        }
        self.essential = frozenset(fact.id for fact in facts.values() if fact.essential)
        self.provision = provision


def load_pack(name_or_path: str | Path = "atrustia") -> Pack:
    """Load a pack by the name of a shipped one or by its folder. Raises PackError with file, line and what to do."""
    path = Path(name_or_path)
    if not path.is_dir():
        path = PACKS / str(name_or_path)
    if not path.is_dir():
        shipped = ", ".join(sorted(p.name for p in PACKS.iterdir() if p.is_dir()))
        raise PackError(f"there is no pack '{name_or_path}'", hint=f"give its folder, or one of: {shipped}")
    policy = load_model(Document(path / "policy.yaml"), Policy)
    facts = _facts(Document(path / "facts.yaml"))
    rules = _Rules(path / "rules", policy, facts).resolve()
    guards = _guards(Document(path / "guards.yaml"), policy, facts)
    exceptions = {exception.id for rule in rules for exception in rule.exceptions}
    provision = _provision(path / "records.yaml", facts, exceptions)
    return Pack(path, policy, facts, rules, guards, _requests(path / "requests.yaml", policy, facts), provision)


def load_model(document: Document, model: type[Model]) -> Model:
    """The document as `model`. The first fault becomes a PackError at its line."""
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        faults = error.errors()
        first = next((fault for fault in faults if fault["type"] == "extra_forbidden"), faults[0])
        place = tuple(part for part in first["loc"] if part not in ("written", "shared"))
        if first["type"] == "extra_forbidden":
            raise _fault(document, place, f"unknown key '{place[-1]}'", "remove it or correct its name") from None
        name = ".".join(str(part) for part in place)
        raise _fault(document, place, f"'{name}' is not right", first["msg"]) from None


def _facts(document: Document) -> dict[str, Fact]:
    """The facts by id, with every value that they name checked."""
    facts: dict[str, Fact] = {}
    loaded = load_model(document, FactFile).facts
    for index, fact in enumerate(loaded):
        if fact.id in facts:
            raise _fault(document, ("facts", index, "id"), f"the fact '{fact.id}' is defined twice", "rename one")
        facts[fact.id] = fact
    for index, fact in enumerate(loaded):
        place = ("facts", index)
        if fact.assume and fact.assume not in fact.value_ids:
            raise _unknown_value(document, (*place, "assume"), fact, fact.assume)
        for number, test in enumerate(fact.open_when):
            _check_test(document, (*place, "open_when", number), test, facts)
    return facts


def _guards(document: Document, policy: Policy, facts: Mapping[str, Fact]) -> GuardFile:
    file = load_model(document, GuardFile)
    for index, clause in enumerate(file.explanation_only):
        if clause not in policy.clauses:
            raise _fault(document, ("explanation_only", index), f"the policy has no clause '{clause}'", CLAUSE_HINT)
    for index, guard in enumerate(file.guards):
        for test in (guard.when, *guard.needs_one_of):
            _check_test(document, ("guards", index), test, facts)
    return file


def _requests(path: Path, policy: Policy, facts: Mapping[str, Fact]) -> dict[str, RequestRules]:
    """The rules for requests of individuals by their kind; empty where the pack has no such file."""
    if not path.exists():
        return {}
    document = Document(path)
    file = load_model(document, RequestFile)
    for place, message, hint in file.faults(policy, facts):
        raise _fault(document, place, message, hint)
    return {rules.kind: rules for rules in file.requests}


def _provision(path: Path, facts: Mapping[str, Fact], exceptions: set[str]) -> ProvisionRules | None:
    """When a record of provision to a third party is offered; None where the pack has no such file."""
    if not path.exists():
        return None
    document = Document(path)
    file = load_model(document, RecordFile)
    _check_test(document, ("provision", "when"), file.provision.when, facts)
    for place, message, hint in file.faults(facts, exceptions):
        raise _fault(document, place, message, hint)
    return file.provision


class _Rules:
    """Reads all rule files of a pack, joins them, and refuses what does not fit together."""

    def __init__(self, folder: Path, policy: Policy, facts: Mapping[str, Fact]) -> None:
        self._policy, self._facts = policy, facts
        self._files: list[tuple[Document, RuleFile]] = []
        for path in sorted(folder.glob("*.yaml")):
            document = Document(path)
            self._files.append((document, load_model(document, RuleFile)))
        if not self._files:
            raise PackError("there are no rules", folder, hint="add a file such as rules/third_parties.yaml")
        self._shared: dict[str, Exemption] = {}

    def resolve(self) -> tuple[Rule, ...]:
        """Every rule of every file, complete. Raises PackError for the first that is not right."""
        for document, file in self._files:
            for index, exception in enumerate(file.exceptions):
                self._check_exemption(document, ("exceptions", index), exception)
                self._shared[exception.id] = exception
        rules: dict[str, Rule] = {}
        for document, file in self._files:
            for index, written in enumerate(file.rules):
                place = ("rules", index)
                if written.id in rules:
                    raise _fault(document, (*place, "id"), f"the rule '{written.id}' is defined twice", "rename one")
                rules[written.id] = self._rule(document, place, file, written)
        self._check_overrides(rules)
        self._check_contradictions(rules)
        return tuple(rules.values())

    def _rule(self, document: Document, place: Place, file: RuleFile, written: WrittenRule) -> Rule:
        if written.scope and written.scope not in file.scopes:
            hint = f"define it under 'scopes', or use one of: {', '.join(file.scopes)}"
            raise _fault(document, (*place, "scope"), f"there is no scope '{written.scope}'", hint)
        for test in (written.when, *(file.scopes[written.scope] if written.scope else ())):
            _check_test(document, (*place, "when"), test, self._facts)
        self._check_clauses(document, place, written.clause, written.see)
        if written.clause is None and written.verdict != Verdict.ESCALATE:
            message = f"the rule '{written.id}' has no clause, so it can only escalate"
            raise _fault(document, place, message, "name its clause, or let its verdict be escalate")
        exceptions = tuple(
            self._exception(document, (*place, "exceptions", index), exception)
            for index, exception in enumerate(written.exceptions)
        )
        head = written.model_dump(exclude={"scope", "when", "exceptions"})
        return Rule(**head, tests=tuple(written.tests(file.scopes)), exceptions=exceptions)

    def _exception(self, document: Document, place: Place, exception: Exemption | str) -> Exemption:
        if isinstance(exception, Exemption):
            self._check_exemption(document, place, exception)
            return exception
        if exception not in self._shared:
            hint = f"shared exceptions are: {', '.join(sorted(self._shared))}"
            raise _fault(document, place, f"there is no shared exception '{exception}'", hint)
        return self._shared[exception]

    def _check_exemption(self, document: Document, place: Place, exception: Exemption) -> None:
        _check_test(document, (*place, "when"), exception.when, self._facts)
        self._check_clauses(document, place, exception.clause, exception.see)

    def _check_clauses(self, document: Document, place: Place, clause: str | None, see: tuple[str, ...]) -> None:
        for key, cited in (("clause", clause), *(("see", other) for other in see)):
            if cited is not None and cited not in self._policy.clauses:
                raise _fault(document, (*place, key), f"the policy has no clause '{cited}'", CLAUSE_HINT)

    def _check_overrides(self, rules: Mapping[str, Rule]) -> None:
        for document, file in self._files:
            for index, written in enumerate(file.rules):
                for other in written.overrides:
                    if other not in rules:
                        place = ("rules", index, "overrides")
                        raise _fault(document, place, f"there is no rule '{other}' to override", "correct its id")

    def _check_contradictions(self, rules: Mapping[str, Rule]) -> None:
        """Refuse rules and exceptions that can hold together and say different things."""
        for document, file in self._files:
            for index, written in enumerate(file.rules):
                rule = rules[written.id]
                for other in rules.values():
                    if rules_contradict(rule, other):
                        message = f"the rules '{rule.id}' and '{other.id}' contradict each other"
                        hint = "narrow one of them, or let one override the other"
                        raise _fault(document, ("rules", index), message, hint)
                for one, two in combinations(rule.exceptions, 2):
                    if one.verdict != two.verdict and compatible(one.when, two.when):
                        message = f"the exceptions '{one.id}' and '{two.id}' contradict each other"
                        hint = "narrow the test of one, so that no case meets both"
                        raise _fault(document, ("rules", index, "exceptions"), message, hint)


def compatible(one: Test, two: Test) -> bool:
    """Whether some case meets both tests."""
    return all(set(values) & set(two[fact]) for fact, values in one.items() if fact in two)


def rules_contradict(one: Rule, two: Rule) -> bool:
    """Whether two rules can apply to the same case with different verdicts, and neither gives way."""
    if one.id == two.id or one.verdict == two.verdict or two.id in one.overrides or one.id in two.overrides:
        return False
    return any(compatible(first, second) for first in one.tests for second in two.tests)


def _check_test(document: Document, place: Place, test: Test, facts: Mapping[str, Fact]) -> None:
    for fact, values in test.items():
        if fact not in facts:
            raise _fault(document, (*place, fact), f"there is no fact '{fact}'", f"facts are: {', '.join(facts)}")
        for value in values:
            if value not in facts[fact].value_ids:
                raise _unknown_value(document, (*place, fact), facts[fact], value)


def _unknown_value(document: Document, place: Place, fact: Fact, value: str) -> PackError:
    hint = f"its values are: {', '.join(fact.value_ids)}"
    return _fault(document, place, f"the fact '{fact.id}' has no value '{value}'", hint)


def _fault(document: Document, place: Place, message: str, hint: str) -> PackError:
    return PackError(message, document.path, document.line(place), hint)
