"""Sending to Slack: one call, what its outcome means, and finding a message whose fate is unknown."""
