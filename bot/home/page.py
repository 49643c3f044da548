"""The home pages as Slack's views (100 blocks at most), and the modals that belong to them."""

from datetime import timedelta
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session

from bot.answers.actions import TicketAction, TicketCarried
from bot.forms import modal, read
from bot.handling import precedents
from bot.handling.tickets import line_of
from bot.handling.work import Office
from bot.home import queries
from bot.kit import (
    Block,
    actions,
    button,
    context,
    divider,
    escape,
    fields,
    header,
    plain_text,
    quoted,
    section,
    sentence,
)
from bot.store.database import Database
from bot.store.tables import Ticket, now
from bot.tickets.access import CannotTellError, Managers
from bot.tickets.course import Kind, State
from bot.windows import Person, View, plain_view
from bot.words import say

ON_A_PAGE, MOST_PRECEDENTS, MOST_REASONS = 10, 20, 3
SOON, LATELY = timedelta(days=2), timedelta(days=30)
MOST_CHARACTERS, MOST_PAGES = 100, 1_000_000
HOME = "home"
REPORT_BUTTON = "home_report"


class Wanted(BaseModel):
    """What somebody wants to see on their home page. It travels in the page's buttons and in its metadata."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind | None = None
    state: State | None = None
    view: Literal["due", "mine", "overdue", "own"] = "due"
    text: str | None = Field(None, max_length=MOST_CHARACTERS)
    page: int = Field(0, ge=0, le=MOST_PAGES)

    def with_(self, **values: Any) -> str:
        """The same with some values changed, as a button carries it."""
        return self.model_copy(update={"page": 0, **values}).model_dump_json(exclude_defaults=True)

    def changed(self, option: "Wanted") -> "Wanted":
        """The same with what a chosen option says. An option has room for 150 characters, too few for the rest."""
        return self.model_copy(update={"page": 0, **option.model_dump(include=option.model_fields_set)})


class Home:
    """Builds the home pages. What a person sees depends on whether they are a manager at this moment."""

    def __init__(self, database: Database, office: Office, managers: Managers) -> None:
        """Take the store, what handlers work with, and who the managers are."""
        self._database, self._office, self._managers = database, office, managers

    def page(self, person: Person, wanted: Wanted) -> View:
        """The home page of a person."""
        manager = self._is_manager(person)
        with self._database.reading() as session:
            language = self._office.language_of(session, person.user)
            blocks = self._for_a_manager(session, person, wanted, language) if manager else []
            blocks += [context(say(language, "refusal.cannot_tell"))] if manager is None else []
            if not manager or wanted.view == "own":
                blocks += self._for_a_requester(session, person, wanted, language)
        return {"type": "home", "private_metadata": wanted.model_dump_json(exclude_defaults=True), "blocks": blocks}

    def window(self, what: str, wanted: Wanted, person: Person) -> View:
        """A modal of a manager's home page: the search form, or the precedents."""
        manager = self._is_manager(person)
        with self._database.reading() as session:
            language = self._office.language_of(session, person.user)
            if not manager:
                refused = say(language, f"refusal.{'cannot_tell' if manager is None else 'not_a_manager'}")
                return plain_view(language, "Privacy Desk", [section(refused)])
            if what == "search":
                return modal("search", language, wanted.with_(), initial={"text": wanted.text})
            return self._precedents(session, language)

    def searched(self, body: dict[str, Any]) -> Wanted:
        """What a filled-in search form asks for."""
        view = body.get("view") or {}
        text = read("search", (view.get("state") or {}).get("values") or {}).get("text")
        return Wanted(text=str(text or "")[:MOST_CHARACTERS] or None)

    def prompts(self, person: Person) -> dict[str, Any]:
        """What the agent view suggests to ask (at most four, Slack's `assistant.threads.setSuggestedPrompts`)."""
        with self._database.reading() as session:
            language = self._office.language_of(session, person.user)
        names = ("share", "use", "incident", "own_data")
        found = [
            {"title": say(language, f"prompt.{one}.title"), "message": say(language, f"prompt.{one}.message")}
            for one in names
        ]
        return {"title": say(language, "prompt.title"), "prompts": found}

    def _is_manager(self, person: Person) -> bool | None:
        try:
            return self._managers.include(person.user)
        except CannotTellError:
            return None

    def _for_a_manager(self, session: Session, person: Person, wanted: Wanted, language: str) -> list[Block]:
        blocks = [header(say(language, "home.manager")), *self._numbers(session, language)]
        blocks += self._filters(wanted, language)
        if wanted.view != "own":
            blocks += self._list(session, person, wanted, language)
        return [*blocks, *self._feedback(session, language)]

    def _numbers(self, session: Session, language: str) -> list[Block]:
        moment = now()
        late = queries.due_before(session, moment)
        soon = queries.due_before(session, moment + SOON, moment)
        by_state = queries.counts(session)
        shown = [f"*{say(language, 'home.overdue')}*\n{late}", f"*{say(language, 'home.soon')}*\n{soon}"]
        states = [state for state in State if by_state.get(state)]
        counted = " · ".join(f"{say(language, f'ticket.states.{state}')} {by_state[state]}" for state in states)
        return [fields(shown), context(counted or say(language, "home.nothing"))]

    def _filters(self, wanted: Wanted, language: str) -> list[Block]:
        kinds = [(Wanted(kind=None), say(language, "home.every_kind"), wanted.kind is None)]
        kinds += [(Wanted(kind=one), say(language, f"ticket.kind.{one}"), wanted.kind == one) for one in Kind]
        states = [(Wanted(state=None), say(language, "home.not_closed"), wanted.state is None)]
        states += [(Wanted(state=one), say(language, f"ticket.states.{one}"), wanted.state == one) for one in State]
        views = ("due", "overdue", "mine", "own")
        buttons = [
            button(
                f"{HOME}.{one}",
                say(language, f"home.view.{one}"),
                Wanted(kind=wanted.kind).with_(view=one),
                "primary" if wanted.view == one and not wanted.text else None,
            )
            for one in views
        ]
        buttons.append(button(f"{HOME}.search", say(language, "home.search"), wanted.with_()))
        buttons.append(button(f"{HOME}.precedents", say(language, "home.precedents"), wanted.with_()))
        selects = [_select("kind", kinds), _select("state", states)]
        return [{"type": "actions", "elements": selects}, *actions(buttons)]

    def _list(self, session: Session, person: Person, wanted: Wanted, language: str) -> list[Block]:
        chosen = queries.Filter(
            team=person.team,
            kind=wanted.kind,
            state=wanted.state,
            assignee=person.user if wanted.view == "mine" else None,
            overdue=wanted.view == "overdue",
            text=wanted.text,
        )
        return self._paged(session, chosen, wanted, language, links=True)

    def _for_a_requester(self, session: Session, person: Person, wanted: Wanted, language: str) -> list[Block]:
        report = button(REPORT_BUTTON, say(language, "home.report"), language, "danger")
        blocks = [header(say(language, "home.own")), section(say(language, "home.how")), *actions([report])]
        chosen = queries.Filter(team=person.team, requester=person.user)
        return [*blocks, *self._paged(session, chosen, wanted, language, links=False)]

    def _paged(
        self, session: Session, chosen: queries.Filter, wanted: Wanted, language: str, *, links: bool
    ) -> list[Block]:
        """A page of tickets, with the way to the pages before and after."""
        first = wanted.page * ON_A_PAGE
        found = queries.tickets(session, chosen, now(), ON_A_PAGE + 1, first)
        shown = found[:ON_A_PAGE]
        places = queries.card_places(session, [one.id for one in shown if one.id]) if links else {}
        blocks: list[Block] = [divider()]
        blocks += [self._line(ticket, places, person_seen=links) for ticket in shown]
        if not shown:
            blocks.append(context(say(language, "home.nothing" if links else "say.no_tickets")))
        turns = [("before", wanted.page - 1)] if wanted.page else []
        turns += [("after", wanted.page + 1)] if len(found) > ON_A_PAGE else []
        return [
            *blocks,
            *actions([button(f"{HOME}.{t}", say(language, f"home.{t}"), wanted.with_(page=p)) for t, p in turns]),
        ]

    def _line(self, ticket: Ticket, places: Any, *, person_seen: bool) -> Block:
        text = line_of(self._office, ticket)
        if person_seen:
            text += f"\n<@{ticket.requester_id}>"
            text += f" → <@{ticket.assignee_id}>" if ticket.assignee_id else ""
        if ticket.id in places:
            channel, ts = places[ticket.id]
            link = f"https://slack.com/app_redirect?channel={channel}&amp;message_ts={ts}"
            text += f" · <{link}|{say(ticket.language, 'home.card')}>"
        return section(text)

    def _feedback(self, session: Session, language: str) -> list[Block]:
        right, wrong, reasons = queries.feedback(session, now() - LATELY, MOST_REASONS)
        lines = [context(say(language, "home.feedback", right=right, wrong=wrong))]
        lines += [context(f"<@{one.user_id}>\n{quoted(one.reason or '')}") for one in reasons]
        return [divider(), *lines] if right or wrong else []

    def _precedents(self, session: Session, language: str) -> View:
        blocks: list[Block] = []
        for precedent, number in precedents.listed(session)[:MOST_PRECEDENTS]:
            made = say(
                language,
                "label.precedent_made",
                date=self._office.clocks.day(precedent.approved_at).isoformat(),
                version=precedent.policy_version,
            )
            name = say(language, "label.precedent", number=f"#{number}")
            blocks.append(section(f"*{name}* {made}\n{quoted(precedent.question)}\n{escape(precedent.answer)}"))
            carried = TicketCarried(ticket=number).text()
            blocks += actions(
                [button(f"{TicketAction.WITHDRAW}.{number}", say(language, "home.withdraw"), carried, "danger")]
            )
        blocks = blocks or [context(say(language, "home.no_precedents"))]
        return plain_view(language, say(language, "home.precedents"), blocks)


def _select(name: str, options: list[tuple[Wanted, str, bool]]) -> Block:
    shown = [
        ({"text": plain_text(sentence(label), 75), "value": option.model_dump_json(exclude_unset=True)}, chosen)
        for option, label, chosen in options
    ]
    return {
        "type": "static_select",
        "action_id": f"{HOME}.{name}",
        "options": [option for option, _ in shown],
        "initial_option": next(option for option, chosen in shown if chosen),
    }
