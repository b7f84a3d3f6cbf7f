"""Uploaded images: re-encoded, stored in one folder, and served as WebP."""
