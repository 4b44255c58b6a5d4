"""What the practice says, as pure functions and values: no database, no keys, no pages."""
