"""The operator's side of the server: settings, the JSON endpoint, limits, the log and the embedding."""
