"""Pages for signing in, for one's own account, and for access that was lost."""
