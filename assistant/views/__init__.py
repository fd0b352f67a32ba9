"""The pages beside the chat: medicines, side effects, and what is taken along."""
