"""What was found in a letter, kept sealed for its readers, and counted without words."""
