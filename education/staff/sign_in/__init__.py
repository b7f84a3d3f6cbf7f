"""Signing in: its steps, how long it lasts, where somebody is signed in, and doing it again."""
