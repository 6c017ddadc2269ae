"""Hotel-ID to Combat Human Trafficking 2021 - FGVC8."""
