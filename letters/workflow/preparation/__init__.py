"""What comes before letters: referral, consent, assessment, agreement, facilitators."""
