"""H&M Personalized Fashion Recommendations."""
