"""What is looked for in a text, one module a kind."""
