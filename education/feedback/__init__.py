"""Readers' answers to "Was this page useful?", kept for a year without who or when."""
