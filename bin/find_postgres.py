#!/usr/bin/env python3
"""Prints the DATABASE_URL of a PostgreSQL on this machine that lets us make databases without a
password.
"""

from __future__ import annotations

import getpass
import sys

import psycopg

WHERE = "127.0.0.1:5432"


def may_create(role: str) -> bool:
    """Whether the server answers this role and lets it make the test database."""
    try:
        with psycopg.connect(
            f"postgresql://{role}@{WHERE}/postgres", connect_timeout=5
        ) as connection:
            row = connection.execute(
                "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
    except psycopg.Error:
        return False
    return bool(row and row[0])


for role in dict.fromkeys((getpass.getuser(), "postgres")):
    if may_create(role):
        print(f"postgres://{role}@{WHERE}/education")
        sys.exit(0)
sys.exit(1)
