"""The chained record of what happened, and the state file that outlives the database."""
