"""Google QUEST Q&A Labeling."""
