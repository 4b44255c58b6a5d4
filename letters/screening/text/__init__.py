"""How a text is read: the text behind disguises, codes and spelling, without losing its place."""
