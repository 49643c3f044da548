"""The messages that the desk sends: where each goes, and what it says. Nothing is sent here."""

from dataclasses import dataclass
from typing import Any

from bot.answers import Answer
from bot.answers.blocks import Extras, answer_blocks, plain
from bot.incoming import Incoming
from bot.kit import escape, quoted, section
from bot.settings import Settings
from bot.store.tables import ConversationRow
from bot.words import say
from knowledge import Pack

POST, PRIVATE, UPDATE, RESPOND = "chat.postMessage", "chat.postEphemeral", "chat.update", "respond"
Body = dict[str, Any]


@dataclass(frozen=True)
class Reply:
    """One message: the method of Slack's Web API that sends it (or "respond" for an answer URL), and its body.

    `thread_of` and `in_place_of` name an earlier message of the outbox: this one goes into its thread, or changes it.
    """

    method: str
    body: Body
    thread_of: str | None = None
    in_place_of: str | None = None


def answered(
    incoming: Incoming,
    answer: Answer,
    pack: Pack,
    settings: Settings,
    row: ConversationRow,
    extras: Extras,
    update: str | None,
) -> Reply:
    """An answer, where it was asked: in the thread, to the asker alone, or in place of an earlier one."""
    private = alone(row, settings) and not incoming.direct
    content: Body = {"text": plain(answer), "blocks": answer_blocks(answer, pack, row.id, extras)}
    if private and incoming.answer_url:
        return Reply(
            RESPOND, {"url": incoming.answer_url, "replace_original": incoming.kind == "answer_fact", **content}
        )
    if private:
        return _to(incoming, row, content, private=True)
    if update:
        return Reply(UPDATE, {"channel": row.channel_id, "ts": update, **content})
    return _to(incoming, row, content)


def alone(row: ConversationRow, settings: Settings) -> bool:
    """Whether a conversation is with the asker alone, with no thread that holds it."""
    private_mentions = settings.privacy_desk_mention_answers == "private" and not row.channel_id.startswith("D")
    return row.thread_ts is None or private_mentions


def others_read(row: ConversationRow, settings: Settings) -> bool:
    """Whether others than the asker can read the thread of a conversation."""
    return not alone(row, settings) and not row.channel_id.startswith("D")


def _to(incoming: Incoming, row: ConversationRow, content: Body, *, private: bool = False) -> Reply:
    thread = incoming.thread_ts or row.thread_ts or incoming.ts
    if incoming.kind == "question" and incoming.direct:
        thread = incoming.thread_ts or incoming.ts
    body = {"channel": incoming.channel or row.channel_id, **({"thread_ts": thread} if thread else {}), **content}
    if private:
        return Reply(PRIVATE, {"user": incoming.user, **body})
    return Reply(POST, {"unfurl_links": False, "unfurl_media": False, **body})


def _sentence(incoming: Incoming, text: str) -> Reply:
    """A sentence to the one who asked: in private where Slack gave an answer URL, else in the thread."""
    if incoming.answer_url:
        return Reply(RESPOND, {"url": incoming.answer_url, "text": escape(text), "replace_original": False})
    thread = (incoming.thread_ts or incoming.message_ts or incoming.ts) if incoming.channel else None
    body = {
        "channel": incoming.channel or incoming.user,
        "text": escape(text),
        **({"thread_ts": thread} if thread else {}),
    }
    return Reply(POST, body)


def declined(incoming: Incoming, language: str) -> Reply:
    """No answer in a channel that is shared with another company, or to its people; seen by the asker alone."""
    return to_the_person(incoming, say(language, "say.outsider" if incoming.outsider else "say.shared_channel"))


def usage(incoming: Incoming, language: str) -> Reply:
    """How to use the command."""
    return _sentence(incoming, say(language, "say.usage"))


def text_only(incoming: Incoming, language: str) -> Reply:
    """A file without words cannot be read."""
    return _sentence(incoming, say(language, "say.attachment"))


def expired(incoming: Incoming, language: str) -> Reply:
    """A button of a conversation that is gone."""
    return _sentence(incoming, say(language, "say.expired"))


def failed(incoming: Incoming, language: str, reference: int) -> Reply:
    """Something went wrong in handling; the reference is also in the log."""
    return _sentence(incoming, say(language, "say.failed", reference=reference))


def restate(incoming: Incoming, row: ConversationRow, settings: Settings) -> Reply:
    """After "not what I meant": ask in other words."""
    return note(incoming, row, say(row.language, "say.restate"), settings)


def note(incoming: Incoming, row: ConversationRow, text: str, settings: Settings) -> Reply:
    """A further sentence in a conversation, to the asker alone where its answers are."""
    if alone(row, settings):
        return to_the_person(incoming, text)
    return _to(incoming, row, {"text": escape(text)})


def shown(incoming: Incoming, row: ConversationRow, answer: Answer, pack: Pack) -> Reply:
    """A private answer, shown to its channel by the one who asked."""
    asked = f"{say(answer.language, 'say.shown', user=row.user_id)}\n{quoted(answer.question)}"
    told = answer_blocks(answer.model_copy(update={"follow_up": None}), pack, row.id)
    blocks = [section(asked), *(block for block in told if block["type"] != "actions")]
    content: Body = {"text": plain(answer), "blocks": blocks}
    if incoming.answer_url:
        url = {"url": incoming.answer_url, "response_type": "in_channel", "replace_original": False}
        return Reply(RESPOND, {**url, **content})
    return Reply(POST, {"channel": row.channel_id, **content})


def to_the_person(incoming: Incoming, text: str) -> Reply:
    """A sentence that only the one who acted sees: where they acted, or else in a direct message."""
    if incoming.answer_url:
        return _sentence(incoming, text)
    within = incoming.thread_ts or (incoming.ts if incoming.direct else None)
    thread = {"thread_ts": within} if within else {}
    if incoming.channel and not incoming.direct:
        return Reply(PRIVATE, {"channel": incoming.channel, "user": incoming.user, "text": text, **thread})
    return Reply(POST, {"channel": incoming.channel or incoming.user, "text": text, **thread})


def manager_channels(settings: Settings) -> tuple[str, ...]:
    """Where cards go: the managers' channel, or each manager directly where no channel is set."""
    if settings.privacy_desk_manager_channel:
        return (settings.privacy_desk_manager_channel,)
    return tuple(user for user in settings.privacy_desk_managers if user.startswith(("U", "W")))
