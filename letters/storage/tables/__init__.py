"""The tables, by subject. Names stand in clear only where a query needs them; words never do."""
