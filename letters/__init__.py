"""A facilitated letter exchange for restorative justice."""
