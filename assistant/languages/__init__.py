"""Messages in other languages than English, and the reply in each."""
