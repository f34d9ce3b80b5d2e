"""Every key of a visit's state that is no widget's; imports nothing, so that it is quick.

`tests/dashboard/session/test_keys.py` finds any other that a module writes out.
"""

# the run
ASKED_AT = "asked_at"  # when this run began, by the monotonic clock
PRESENT = "present"  # stands for the visit in the count of those that are open
VISIT = "visit"  # the visit's id in the log

# the address
PAGE_NOW = "page_now"  # the address of the page that is open
GO_TO = "go_to"  # the page that a click asked for, until the next run opens it
TAKEN_TO = "taken_to"  # the page that a click led to with choices of its own
KEPT = "kept"  # by name what each choice last held, on whatever page
DEFAULTS = "defaults"  # by name the default of each choice, which no address holds
SHOWN_ON = "shown_on"  # by name the page that showed a choice, and how often since its opening
CHOICES_OF = "choices_of"  # by page the names of the choices it has shown
OVERRULED = "overruled"  # by name what the address still says of a choice that was reset
ADDRESS_LAGS = "address_lags"  # whether a choice of another page is not in the address yet
DRAWN = "drawn"  # the page whose run is over, so that the next one may ask for the address

# what the viewer brought, trained or took, in dashboard.session.uploads and viewer_models
DATASETS = "own_data"  # datasets of images, by name
PREDICTIONS = "own_predictions"  # predictions and models in ONNX files, by name
ARRIVING = "own_models_arriving"  # by name the models that are answering the test images
DERIVED = "own_derived"  # what was computed from each dataset, by its name
TRAINING = "training"  # the TrainingSession
TRAINING_REFUSED = "training_refused"  # why none was begun, until it is said
TRAINED = "own_trained"  # what came of it
RUNS = "own_runs"  # what came of earlier ones, by name, the oldest first
READINGS = "own_readings"  # of a file that can be read in several ways, each by its words
REMOVED = "own_removed"  # what was shown when it was removed, until a page has said so
LET_GO = "own_let_go"  # whether something was, since the last run of a page
TAKEN = "taken_recipes"  # names of the template models with cures that this viewer has taken

# marks on images
MARKS = "marks"  # by dataset the marks, by index
MARKS_FOUND = "marks_found"  # what the browser had kept when the visit began, by the data's name
MARKS_TO_KEEP = "marks_to_keep"  # what it shall keep, by the data's name; '' for nothing more
MARKS_LOADED = "marks_loaded"  # the id of the file of marks that was loaded last
MARKS_REPORT = "marks_report"  # what came of it

# decisions on labels
DECISIONS = "label_decisions"  # by the key of a dataset what was decided, by place
REVIEWS = "label_reviews"  # by the name of data as reviewed what was changed in them, in words
DECISIONS_FOUND = "label_found"  # as text what the browser had kept, by the key of a dataset
DECISIONS_TURN = "label_turn"  # by that key; grows when decisions come from outside the browser
DECISIONS_LOADED = "label_loaded"  # the id of the file of corrections that was loaded last
DECISIONS_REPORT = "label_report"  # what came of it: a sentence, and whether it is a refusal

# corruption
CORRUPTION_SEEN = "corruption_seen"  # how much of the models' answers the page has shown
CORRUPTION_SAID = "corruption_said"  # what came of opening data: a sentence, and whether refused

# a project that was opened
PROJECT_LINKS = "project_links"  # by page the parameters of the view that was saved
PROJECT_REPORT = "project_report"  # what came of opening it: sentences, or a refusal
FORGET = "browser_forgets"  # how often the browser was asked to forget all it keeps

# what pages keep
CHARTS = "charts"  # the charts of what this viewer alone sees
DATA_SHOWN = "data_shown"  # the name of the data on the screen, which need not be those chosen
STANDS_IN = "stands_in"  # the data that are chosen while others are shown in their place
TRIED_AT = "mnist_tried_at"  # when MNIST was last asked for again
MATRIX_DRAWN = "matrix_drawn"  # which matrix the clicks belong to
MARGIN_END = "most_margin"  # the end of the margin's slider
SEEN_ENDED = "seen_ended"  # the training whose end has been shown
UPLOADS_SEEN = "data_turns"  # of each field, how many uploads it has seen
UPLOADS_CAME = "data_came"  # of each, what came of the last one: a name, or why it was refused
NAMES_REFUSED = "class_names_came"  # why names of classes were not taken, until it is said
DECODED = "classify_decoded"  # by way in the pictures that were given, decoded
STAY = "classify_stay"  # the ways in whose pictures stay though their field came back empty
ENTRIES = "classify_entries"  # what the viewer said of the images classified
ASKED_OF = "classify_mark"  # the image, by its hash, that 'It was a …' is asked of


def kept(key: str) -> str:
    """What was drawn on the pad or editor of that key, which outlives its page."""
    return f"{key}_kept"


def turn(name: str) -> str:
    """How often the widgets of that name were drawn anew, under another key each time."""
    return f"{name}_turn"


def holds(name: str) -> str:
    """What the last click in the list or chart of that name chose."""
    return f"{name}_holds"


def toggled(name: str) -> str:
    """Which marks of the chart of that name the clicks so far have put in."""
    return f"{name}_toggled"
