"""Lyft 3D Object Detection for Autonomous Vehicles."""
