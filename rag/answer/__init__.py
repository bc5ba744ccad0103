"""From ranked chunks to a cited answer or a refusal."""
