"""Documents that try to give orders to whoever answers from them, and what of it reaches an answer."""
