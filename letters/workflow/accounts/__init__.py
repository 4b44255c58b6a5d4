"""Coming in: invitations, passwords, second factors, sessions."""
