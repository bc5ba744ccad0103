"""Who may ask: keys, what each opens, and how much it may ask; knows nothing of HTTP."""
