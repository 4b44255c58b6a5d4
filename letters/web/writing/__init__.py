"""Pages for writing a letter, and for what a writer does with one that came back."""
