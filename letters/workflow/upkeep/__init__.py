"""Operators' work: checking the trail, restoring a database, new keys, erasing in time."""
