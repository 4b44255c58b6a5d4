"""What operators run: checking the trail, putting a database back, new keys, erasing in time."""
