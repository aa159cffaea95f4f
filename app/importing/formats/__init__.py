"""One module per image format: its header checked before, its completeness before pixels count."""
