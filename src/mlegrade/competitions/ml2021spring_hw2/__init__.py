"""ML2021Spring-hw2."""
