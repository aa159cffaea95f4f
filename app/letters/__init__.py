"""Letters of any script: their order, their forms, and the fonts there are to draw them."""
