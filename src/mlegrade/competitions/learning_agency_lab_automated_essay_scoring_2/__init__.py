"""Learning Agency Lab - Automated Essay Scoring 2.0."""
