"""Tickets: what a person must handle, from the first word."""
