"""Hand-written question sets about a collection of Shanghai industry news, and the script that assembles them."""
