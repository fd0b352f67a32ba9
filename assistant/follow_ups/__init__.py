"""What a turn of a conversation takes over from those before it."""
