"""Telling people that there is something to see, in the way that each of them chose."""
