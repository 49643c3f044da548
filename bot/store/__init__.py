"""What must survive: accepted events, conversations, tickets, and messages on their way to Slack."""
