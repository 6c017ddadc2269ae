"""Google Smartphone Decimeter Challenge 2022."""
