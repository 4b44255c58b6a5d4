"""What people do, in the practice's words: one verb is one function and one transaction. Flask is unknown here."""
