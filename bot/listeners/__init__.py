"""Slack's payloads, translated into the desk's own terms. One file a surface; nothing is decided here.

`register` tells Bolt which listener hears what: what changes something is stored by `translate`; the listeners of
`opening` only show something.
"""

from bot.listeners.translate import translate

__all__ = ["translate"]
