"""Pages of a case for its team: people, background, assessment, tasks, alerts, messages."""
