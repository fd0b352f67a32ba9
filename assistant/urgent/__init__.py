"""Messages that speak of something that needs help now, and the notice that comes first."""
