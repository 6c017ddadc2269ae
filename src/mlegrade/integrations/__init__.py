"""mlegrade inside the frameworks that run agents; each has an extra of its own."""
