"""New York City Taxi Fare Prediction."""
