"""The translation lexicon: words and phrases of English and Chinese with their likely counterparts, under a licence of its own."""
