"""When a password, a code or a key is lost or known to somebody else."""
