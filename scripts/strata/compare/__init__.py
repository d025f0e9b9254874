"""Comparing two releases."""
