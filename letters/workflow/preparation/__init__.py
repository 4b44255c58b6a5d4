"""What has to be there before letters go: referral, consent, assessment, agreement, facilitators."""
