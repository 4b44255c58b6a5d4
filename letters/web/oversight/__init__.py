"""Pages of supervisors and administrators: load, disagreements, emergency access, staff."""
