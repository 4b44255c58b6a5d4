"""How a text is read: what stands behind disguises, codes and spelling, without losing its place."""
