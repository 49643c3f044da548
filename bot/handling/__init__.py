"""Handling what was accepted: one function of a stored thing, one transaction, safe to run again.

Everything that follows (the answer, its ticket, a step, the messages to send) is written together or not at all; what
is written goes out afterwards, by `bot.deliver`.
"""

from bot.handling.handler import Handler

__all__ = ["Handler"]
