"""Slack's payloads, translated into the desk's own terms. One file a surface; nothing is decided here."""

from bot.listeners.translate import translate

__all__ = ["translate"]
