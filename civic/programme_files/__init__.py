"""Programme files: a whole season as one YAML file with its models and GeoJSON, into the database and back."""
