"""Everything that people touch: Slack, the command line, answers, tickets, the store."""
