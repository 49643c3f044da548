"""What is done when a message cannot be sent: another way to its reader, or a word to the manager."""

from datetime import datetime
from hashlib import sha256

from sqlmodel import Session, select

from bot.replies import manager_channels
from bot.settings import Settings
from bot.store.tables import ConversationRow, Inbound, Outbound
from bot.words import say

ALERT = "alert."


def instead(session: Session, row: Outbound) -> list[Outbound]:
    """An answer whose private URL has expired goes to the asker as a direct message; [] for anything else."""
    inbound = session.get(Inbound, row.inbound_id) if row.inbound_id else None
    user = inbound.payload.get("user") if inbound and row.method == "respond" else None
    if not user:
        return []
    body = {key: row.body[key] for key in ("text", "blocks") if key in row.body}
    return [
        Outbound(
            name=f"{row.name}.direct",
            inbound_id=row.inbound_id,
            conversation_id=row.conversation_id,
            method="chat.postMessage",
            body={"channel": user, **body},
        )
    ]


def alert(session: Session, row: Outbound, reason: str, settings: Settings, moment: datetime) -> list[Outbound]:
    """A word to the manager, at most once an hour for one destination; [] where it could not arrive either."""
    if row.name.startswith(ALERT):
        return []
    conversation = session.get(ConversationRow, row.conversation_id) if row.conversation_id else None
    language = conversation.language if conversation else "en"
    place = sha256(row.destination.encode()).hexdigest()[:12]
    name = f"{ALERT}{place}.{moment:%Y%m%d%H}"
    text = say(language, "say.not_delivered", reference=row.name, reason=reason)
    alerts = [
        Outbound(name=f"{name}.{number}", method="chat.postMessage", body={"channel": channel, "text": text})
        for number, channel in enumerate(manager_channels(settings))
        if channel != row.destination
    ]
    return [one for one in alerts if not session.exec(select(Outbound).where(Outbound.name == one.name)).first()]
