"""Small parts several screens are made of."""
