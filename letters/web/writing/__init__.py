"""Pages for writing a letter, and for the writer of a letter that came back."""
