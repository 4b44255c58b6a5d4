"""The database: tables, queries for pages, migrations. It stores what
``keys`` sealed and knows no secrets."""
