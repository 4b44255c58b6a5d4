"""What can be done: each verb is one function and one transaction. The folders follow a letter's
way."""
