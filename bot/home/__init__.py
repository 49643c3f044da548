"""The app's home page: a requester's own tickets; for managers, all tickets that need somebody."""
