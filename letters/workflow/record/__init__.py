"""The record of what happened: one door in and one out, verified once in each process."""
