"""Google AI4Code - Understand Code in Python Notebooks."""
