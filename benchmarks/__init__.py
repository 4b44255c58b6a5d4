"""How fast, in ratios: rows of the design's measures, each beside its bare program in one run on PostgreSQL."""
