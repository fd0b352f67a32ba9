"""`python -m assistant` is the `signpost` command."""

from assistant.command_line import main

main()
