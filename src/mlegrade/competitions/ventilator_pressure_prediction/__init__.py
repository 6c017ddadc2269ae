"""Google Brain - Ventilator Pressure Prediction."""
