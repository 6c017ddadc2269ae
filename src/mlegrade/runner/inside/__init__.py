"""What runs beside an agent: copied into its container, or started by the local engine."""
