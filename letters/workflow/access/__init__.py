"""Who may enter a case or a letter, whose keys are whose, and what a case's key opens."""
