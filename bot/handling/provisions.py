"""Records of personal data that is given to a third party on consent (APPI Articles 29 and 30)."""

from datetime import date

from pydantic import ValidationError

from bot import replies
from bot.answers import Answer
from bot.handling.buttons import pressed
from bot.handling.work import Office, Work
from bot.store import conversations
from bot.store.tables import Provision
from bot.tickets import history, service
from bot.tickets.proof import RECORD_KEPT
from bot.tickets.provision import ProvisionRecord, prefilled
from bot.words import say


def provision(office: Office, work: Work) -> None:
    """Keep a record that an asker filled in under their own answer, or a manager under anybody's."""
    row = pressed(work, by_managers=True)
    given = conversations.answer_of(work.session, row.id, work.incoming.fields.get("answer")) if row else None
    if row is None or given is None:
        return
    known = prefilled(office.pack, Answer.model_validate(given.form).reading.values(), row.language)
    try:
        record = _record(office, work, known)
    except (ValidationError, ValueError):
        work.send(replies.to_the_person(work.incoming, say(row.language, "refusal.record")))
        return
    made = Provision(
        conversation_id=row.id,
        made_by=work.incoming.user,
        made_at=work.at,
        keep_until=record.keep_until,
        record=record.model_dump(mode="json"),
    )
    work.session.add(made)
    ticket = service.first_of(work.session, row.id)
    if ticket is not None:
        history.append(work.session, ticket, RECORD_KEPT, work.incoming.user, work.at, beside=made)
    kept = say(row.language, "say.record_kept", until=record.keep_until.isoformat())
    work.send(replies.note(work.incoming, row, kept, office.settings), conversation=row.id)


def _record(office: Office, work: Work, known: dict[str, str]) -> ProvisionRecord:
    """The record from what was filled in. Raises ValueError where something is missing."""
    fields = work.incoming.fields
    made_on = office.clocks.day(work.at)
    return ProvisionRecord.made(
        office.clocks,
        made_on,
        fields.get("form") or "single",
        date.fromisoformat(str(fields.get("on") or made_on)),
        giver=known.get("giver", office.pack.policy.company),
        basis=known.get("basis", ""),
        **{name: str(fields.get(name) or "") for name in ("recipient", "persons", "items", "consent")},
    )
