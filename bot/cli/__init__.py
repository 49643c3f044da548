"""The command line. Each command loads only what it needs, so that all of them start at once."""
