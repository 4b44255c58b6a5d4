"""Telling people that there is something to see, by the way that each of them chose."""
