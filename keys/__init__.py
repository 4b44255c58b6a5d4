"""Pure cryptography: bytes and keys, nothing of Flask, SQLAlchemy or letters' lives.

docs/architecture.md, "Who can read what", describes the protocol. Every primitive comes from
``cryptography``. This package holds no key material; it only knows how to make, seal and open it.
"""
