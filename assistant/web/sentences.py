"""What the server says beside the chat: to programs, to a client that asks too much, to an operator."""

from assistant.follow_ups.trail import KEPT_TOPICS
from assistant.questions import MAX_CHARACTERS

TOO_MANY = "You are asking faster than this server answers. Please wait a moment, then ask again."
BUSY = "Many people are asking just now. Please wait a moment, then ask again."
TOO_SLOW = "The answer took too long. Please ask again."
STARTING = "This server is getting ready. Please ask again in a minute."
FAILED = "Something went wrong here. Please ask again."
TOO_LARGE = "The request is too large."
LENGTH_MISSING = "The length of the request is missing."
NOT_FOUND = "There is nothing at this address."
NOT_THIS_WAY = "This address is not used in this way. Ask with POST."
NOT_JSON = "The request is not valid JSON in UTF-8, sent as application/json."
NOT_AN_OBJECT = "The request is not a JSON object with a question."
NOT_A_TURN = "This is not what the page sends. Ask at /api/ask instead."
OTHER_ORIGIN = "Pages of this website may not ask here."
LOG_LOST = "An answer could not be noted in the log. Answers go on."

API_PAGE = f"""\
Signpost answers questions about a patient-education page by quoting it, word for word.

POST /api/ask
    Send     a JSON object, as application/json:
             "question"  text, at most {MAX_CHARACTERS:,} characters
             "earlier"   earlier questions of the same conversation, oldest first (may be left out);
                         the last {KEPT_TOPICS} are read, and each counts as a question of yours
             "exact"     true searches for exactly what was typed (may be left out)
    Receive  200 and the answer as a JSON object, or {{"error": "a sentence"}} with one of
             400  not JSON                      413  too large
             422  not a question                429  too many questions; see Retry-After
             503  starting, busy, or it went wrong; see Retry-After

    "answered" says whether the first passages answer the question. Where it is false they are only
    the nearest ones: show them as that, or not at all. Show "notices" whole, before the passages;
    the "contacts" of an urgent one are its numbers as links. "text" of a passage is exactly
    source[start:end]. "link" shows the passage in its page.

GET /healthz            whether questions can be answered
GET /api/openapi.json   this, for programs

    curl -H 'content-type: application/json' -d '{{"question": "Is yoga safe for me?"}}' ADDRESS/api/ask
"""
