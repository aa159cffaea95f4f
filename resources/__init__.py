"""Data that ships with Casehead: scales, pick lists, pictures."""
