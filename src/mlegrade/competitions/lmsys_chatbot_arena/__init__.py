"""LMSYS - Chatbot Arena Human Preference Predictions."""
