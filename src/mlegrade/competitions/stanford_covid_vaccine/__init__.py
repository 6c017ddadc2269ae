"""OpenVaccine: COVID-19 mRNA Vaccine Degradation Prediction."""
