"""The tables, by subject. Names are in clear only if a query needs them; words never are."""
