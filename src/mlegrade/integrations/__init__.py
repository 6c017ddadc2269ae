"""mlegrade inside other frameworks; each needs an extra of its own, or nothing."""
