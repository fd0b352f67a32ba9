"""Greetings, thanks and questions about the assistant itself, and what is said to them."""
