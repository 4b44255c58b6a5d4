"""Joining and signing in: invitations, passwords, second factors, sessions."""
