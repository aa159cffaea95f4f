"""Bringing files into the casebook."""
