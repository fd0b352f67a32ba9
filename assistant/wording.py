"""Every sentence of ours that a reader sees: short, plain, and never about medicine."""

NAME = "Signpost"
ASK = "Ask"
QUESTION_LABEL = "Your question"
QUESTION_HINT = "Ask in your own words"
WHAT_IT_IS = (
    "Ask about treatment for metastatic breast cancer. Signpost finds the words that answer you in "
    "one page and shows them as they stand."
)
WHAT_IT_IS_NOT = "It is not a doctor and it gives no advice."
PRIVACY = "Your questions stay on this computer."
PRIVACY_SERVED = (
    "Your questions go to the computer that runs this page. They are not written down there."
)
PRIVACY_FIGURES_KEPT = (
    "Your questions go to the computer that runs this page. It notes which words it showed, but not "
    "yours, and not who asked."
)
PRIVACY_QUESTIONS_KEPT = (
    "Your questions go to the computer that runs this page. It writes down what you ask, but not who "
    "asked."
)
WHAT_THIS_IS = "What this is"
TRY_ONE = "You could start with one of these"
I_AM_A_PATIENT = "I am a patient"
I_CARE_FOR_SOMEONE = "I care for someone"
WHAT_THE_PAGE_COVERS = "What the page covers"
OTHER_VIEWS = "Other views"
SKIP_TO_QUESTION = "Skip to the question box"
SIDE_EFFECTS = "Side effects"
MEDICINES = "Medicines"
TAKE_WITH_YOU = "Take it with you"
KEEP_QUOTE = "Keep"
QUOTE_KEPT = "Kept"
LOOKING = "Looking through the page"
GETTING_READY = "Getting ready"
NOT_STARTED = "This did not start as it should. Please come back later."
BACK_TO_TALK = "Back to my questions"
WORD_FOR_WORD = "From the page, word for word"
NOT_ANSWERED = "This page does not seem to answer that"
NOT_ANSWERED_MORE = (
    "That is not a “no”. It only means that the words are not on this page. Try asking in other words, "
    "or take the question to your care team."
)
GAP = "This page does not speak of {topic}."
NEAREST = "The nearest passages, which may not be an answer"
MORE = "More passages"
READ_IN_PAGE = "read in page"
ALSO_AT = "These words, or some of them, also stand in"
SEARCHED_FOR = "Searched for"
EXACT = "Search exactly what I typed"
NEW_TOPIC = "Start a new topic"
NEW_TOPIC_BEGUN = "New topic. What you asked before is left out of the search from here on."
SEARCHED_IN = "Searched in “{title}”, reviewed {reviewed}."
PLACES_TO_LOOK = "The page does speak of these things nearby"
TAKE_ALONG = "Keep this question for my care team"
NOT_YES_OR_NO = (
    "You asked for a yes or a no. The page may give neither. Read its words as they stand, and ask your "
    "care team."
)
REVIEWED = "Reviewed and updated {reviewed} by {reviewer}"
YOU_ASKED = "You asked"
ON_THIS_PAGE = "On this page"
BACK_TO_QUESTIONS = "Ask a question"
READ_THE_PAGE = "Read the page"
BEST_FOUND = "Answer found. First quote from: {path}"
NONE_FOUND = "No answer found on this page. The nearest passages are folded below."
FAILED = "Something went wrong here. Your question is still in the box. Please try again."
NO_SUCH_PAGE = "There is no such page here."
MISSING_LIST = "The list that should follow “{sentence}” is missing in this copy of the page."
MISSING_MEDIA = "The video or picture that should follow “{sentence}” is not in this copy of the page."
QUOTED_FROM = "The words of this page belong to {publisher}. They are shown here as they stand."

# Take it with you
TAKE_LEAD = (
    "What you keep stands here, word for word. Print it or save it, and bring it to your next visit."
)
TAKE_PRINT = "Print"
TAKE_DOWNLOAD = "Download"
TAKE_DOWNLOADED = "Saved as a file. It is with your other downloads."
TAKE_CLEAR = "Clear everything"
TAKE_CLEAR_ASK = "Clear all your words, questions and notes? You cannot get them back."
TAKE_CLEAR_YES = "Yes, clear everything"
TAKE_CLEAR_NO = "No, keep it all"
TAKE_CLEARED = "Everything is cleared. Nothing of it is left in this browser."
TAKE_EMPTY = "You have not kept anything yet"
TAKE_EMPTY_HOW = (
    "Ask a question. Then press “Keep” next to the words that you want to bring. You can also write "
    "your own questions and notes here."
)
TAKE_QUESTIONS = "Questions for my care team"
TAKE_NO_QUESTIONS = "No questions yet. Write one, or start with one from the page."
TAKE_OWN = "A question of your own"
TAKE_ADD = "Add"
TAKE_ADDED = "Added"
TAKE_ALREADY = "This question is on your list."
TAKE_SUGGESTED = "Questions from the page"
TAKE_QUOTES = "Words from the page"
TAKE_NO_QUOTES = "No words yet. Ask a question, and press “Keep” next to what you find."
TAKE_NOTES = "My notes"
TAKE_NOTES_LABEL = "What you want to remember, or to tell your care team"
TAKE_NOTES_SAVED = "Your notes are kept as you write."
TAKE_UP = "Move up"
TAKE_DOWN = "Move down"
TAKE_REMOVE = "Remove"
TAKE_REMOVED = "Removed"
TAKE_UNDO = "Put it back"
TAKE_MOVED = "Moved. It is now {place} of {count}."
TAKE_IS_BACK = "It is back."
TAKE_CHANGED = "The page has changed since. These are the words as you kept them."
TAKE_NOT_CHECKED = "These words could not be checked with the page just now."
TAKE_MADE = "Made with Signpost on {date}"
TAKE_WHERE = "Where this is kept"
TAKE_KEPT_HERE = (
    "Your questions, notes and kept words stay in this browser, on this computer. They are not sent to "
    "anyone."
)
TAKE_SHARED = (
    "Do you share this computer? Then others who use this browser can read them. Press “Clear "
    "everything” before you leave. A file that you saved stays until you delete it."
)
TAKE_NO_SCRIPT = (
    "To keep things here, your browser must have JavaScript turned on. Without it you can still read "
    "these questions from the page, and print them."
)
TAKE_KEPT = "Kept. You find it under “Take it with you”."
TAKE_LET_GO = "No longer kept."
TAKE_FULL = "You have kept as much as fits here. Remove something first, and try again."
TAKE_FAILED = (
    "This could not be kept. This browser is full, or does not let pages keep things. What you kept "
    "before is safe."
)
TAKE_HELD = (
    "This browser is full, or does not let pages keep things. What you write is lost when you close "
    "this page. Print it or download it first."
)
