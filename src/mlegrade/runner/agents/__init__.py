"""The agents that come with mlegrade: folders with ``agent.toml``; no code of mlegrade is here."""
