"""The desk: a message in, an answer out. The whole bot on one screen; no Slack and no database here."""

from pydantic import BaseModel, ConfigDict

from bot.answers import Answer, compose
from intents import Reading, Turn, Understanding, answered, read_further
from knowledge import Finding, Pack, Verdict, decide

INCIDENT = "incident"
OFF_TOPIC = Finding(verdict=Verdict.OUT_OF_SCOPE)


class Conversation(BaseModel):
    """What a conversation has come to: the words asked, how they are read, and the fact that the desk asked for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: str
    reading: Reading
    asked: str | None = None


class Desk:
    """Answers by one pack. A pure function of what it is given: the same message gets the same answer."""

    def __init__(self, pack: Pack, understanding: Understanding) -> None:
        """Take the pack that decides and the understanding that reads."""
        self.pack, self._understanding = pack, understanding

    def ask(
        self, text: str, *, earlier: Conversation | None = None, language: str = "en", answer_id: str | None = None
    ) -> tuple[Answer, Conversation]:
        """Answer a message, alone or as the next one of a conversation. Takes any text.

        `language` ("en" or "ja") is used for a message that shows none, such as an empty one.
        """
        text = _without_half_characters(text)
        if earlier is None:
            reading = self._understanding.read(text, fallback_language=language)
            return self._answer(text, reading, answer_id)
        turn, reading = read_further(
            self._understanding, self.pack, text, earlier.reading, earlier.asked, earlier.question
        )
        question = text if turn == Turn.NEW else f"{earlier.question}\n{text}"
        return self._answer(question, reading, answer_id)

    def complete(self, conversation: Conversation, fact: str, value: str | None) -> tuple[Answer, Conversation]:
        """Answer again with one fact settled by a button; `value` None for "I don't know".

        Raises KeyError for a fact or a value that the pack lacks.
        """
        words = self.pack.facts[fact].value(value).label.in_language(conversation.reading.language) if value else ""
        return self._answer(conversation.question, answered(conversation.reading, fact, value, words), None)

    def report(self, text: str, language: str) -> tuple[Answer, Conversation]:
        """Answer what was reported as an incident: it is one, whatever its words alone would be read as."""
        reading = self._understanding.read(text, fallback_language=language).model_copy(update={"language": language})
        rule = next((rule for rule in self.pack.rules.values() if rule.ticket == INCIDENT), None)
        for fact, values in rule.tests[0].items() if rule else ():
            if fact not in reading.facts or reading.facts[fact].value not in values:
                reading = answered(reading, fact, values[0], "")
        return self._answer(text, reading, None)

    def explain(self, text: str) -> tuple[Answer, Reading]:
        """The answer with the whole reading behind it: what competed, and why it lost."""
        answer, conversation = self.ask(text)
        return answer, conversation.reading

    def _answer(self, question: str, reading: Reading, answer_id: str | None) -> tuple[Answer, Conversation]:
        finding = decide(self.pack, reading.values()) if reading.topical else OFF_TOPIC
        answer = compose(self.pack, question, reading, finding, answer_id)
        asked = finding.follow_up.fact if finding.follow_up else None
        return answer, Conversation(question=question, reading=reading, asked=asked)


class Threads:
    """Many messages in order, those of one thread as one conversation."""

    def __init__(self, desk: Desk) -> None:
        """Take the desk that answers."""
        self._desk = desk
        self._conversations: dict[str, Conversation] = {}

    def ask(self, text: str, thread: str | None, answer_id: str | None = None) -> tuple[Answer, Conversation]:
        """Answer the next message; `thread` None for one that stands alone."""
        earlier = self._conversations.get(thread) if thread is not None else None
        answer, conversation = self._desk.ask(text, earlier=earlier, answer_id=answer_id)
        if thread is not None:
            self._conversations[thread] = conversation
        return answer, conversation


def _without_half_characters(text: str) -> str:
    """Text that can be written as UTF-8: halves of surrogate pairs, which broken clients send, become "?"."""
    return text.encode("utf-8", "replace").decode("utf-8")
