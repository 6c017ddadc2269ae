"""VinBigData Chest X-ray Abnormalities Detection."""
