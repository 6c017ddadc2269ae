"""Nomad2018 Predicting Transparent Conductors."""
