"""The evidence on the screen, what is drawn over it, and the bars below it."""
