"""The desk: pages on which facilitators read a letter and decide on it."""
