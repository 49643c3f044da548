"""A data incident, reported by the modal: a conversation, an answer and an urgent ticket, as if it had been written."""

from dataclasses import replace

from bot.answers.blocks import answer_blocks, plain
from bot.handling import questions, tickets
from bot.handling.work import Office, Work
from bot.store import conversations
from bot.tickets.course import Kind, Step


def report(office: Office, work: Work) -> None:
    """Take a report. The reporter gets the answer in a direct message, and the ticket has the details at once."""
    language = str(work.incoming.fields.get("language") or "en")
    row = conversations.begin(work.session, work.incoming)
    answer, state = office.desk.report(work.incoming.text, language)
    answer, extras, ticket = questions.kept(office, work, row, answer, state)
    if ticket is None:
        ticket = tickets.opened(office, work, row, answer, Kind.INCIDENT).ticket
    given = {name: value for name, value in work.incoming.fields.items() if name != "language"}
    blocks = answer_blocks(answer, office.pack, row.id, replace(extras, details_of=None, private=False))
    tickets.to_requester(office, work, ticket, {"text": plain(answer), "blocks": blocks}, first=True)
    tickets.step(office, work, ticket, Step.GIVE_DETAILS, given)
