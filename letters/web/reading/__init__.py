"""Pages on which a recipient reads letters, and the pace."""
