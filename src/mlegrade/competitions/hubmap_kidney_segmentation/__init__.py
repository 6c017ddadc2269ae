"""HuBMAP - Hacking the Kidney."""
