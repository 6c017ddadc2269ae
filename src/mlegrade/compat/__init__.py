"""The call signatures of other tools, on mlegrade's grading."""
