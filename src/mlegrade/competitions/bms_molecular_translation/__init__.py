"""Bristol-Myers Squibb - Molecular Translation."""
