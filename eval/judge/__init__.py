"""An optional second opinion by a language model, kept apart from every number that needs none."""
