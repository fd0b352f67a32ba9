"""Our sentences for the scripts of the pages, which write some of them into the page themselves."""

from jinja2.utils import htmlsafe_json_dumps

import assistant.wording as wording

PREFIX = "TAKE_"
"""How the names of the sentences begin that the scripts use."""


def script_words() -> str:
    """Return a line of script that lets the scripts after it know our sentences, by their names."""
    words = {name: text for name, text in vars(wording).items() if name.startswith(PREFIX)}
    # Written so that no sentence could end the script element that it stands in.
    return f"window.signpostWords = {htmlsafe_json_dumps(words)};\n"
