"""What supervisors see, and reading in an emergency."""
