"""Coin Toss."""
