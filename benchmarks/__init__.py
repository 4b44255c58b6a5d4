"""Speed, in ratios: rows of the design's measures, each against its bare
program in one run on PostgreSQL."""
