"""Pure cryptography: bytes and keys, nothing of Flask, SQLAlchemy or letters' lives.

The protocol is described in docs/architecture.md, "Who can read what". Every primitive comes from ``cryptography``.
This package holds no key material; it only knows how to make, seal and open it.
"""
