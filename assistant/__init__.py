"""Conversation, answer and abstention, quotes and links, evaluation, and the command line."""

from assistant.answer import Answer, Contact, Excerpt, Notice, NoticeKind, Place, Quote, Reply
from assistant.assistant import Assistant
from assistant.conversation import Conversation, Turn
from assistant.errors import AssistantError
from assistant.follow_ups.trail import Trail
from assistant.opening import Setup, open_assistant

__all__ = [
    "Answer",
    "Assistant",
    "AssistantError",
    "Contact",
    "Conversation",
    "Excerpt",
    "Notice",
    "NoticeKind",
    "Place",
    "Quote",
    "Reply",
    "Setup",
    "Trail",
    "Turn",
    "open_assistant",
]
