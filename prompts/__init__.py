"""Versioned prompt templates, Chinese and English."""
