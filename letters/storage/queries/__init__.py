"""Queries, one module a page or purpose; they return rows and small values."""
