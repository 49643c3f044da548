"""Durable work: what was written down is done, once, by whichever process lives (docs/decisions/0005)."""
