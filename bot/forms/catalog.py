"""Every form with its fields. Titles, labels and options are in the wording files, under `form`."""

from dataclasses import dataclass

from bot.forms.fields import Field

UNKNOWN = "unknown"
"""Every choice about an incident has it: "I don't know yet" is always an answer."""


@dataclass(frozen=True)
class Form:
    """A form: its id, which is also the submitted view's `callback_id`, and its fields in order."""

    id: str
    fields: tuple[Field, ...]


_ABOUT_A_REQUEST = (
    Field("whose", "radio", options=("own", "passed_on")),
    Field("person", "text", optional=True),
    Field("what", "long"),
    Field("reach", "text", optional=True),
    Field("identity", "choice", optional=True, options=("employee_card", "licence", "certificate", "known", UNKNOWN)),
)
_ABOUT_AN_INCIDENT = (
    Field("what", "long"),
    Field("noticed", "moment", optional=True),
    Field("people", "choice", options=("one", "few", "hundreds", "mass", UNKNOWN)),
    Field("data", "checks", options=("contact", "financial", "sensitive", "login", "my_number", "other", UNKNOWN)),
    Field("cause", "choice", options=("mistake", "loss", "attack", "contractor", "other", UNKNOWN)),
    Field("ongoing", "radio", options=("yes", "no", UNKNOWN)),
)

_FORMS = (
    # What a requester fills in.
    Form("details_disclosure", _ABOUT_A_REQUEST),
    Form("details_correction", (*_ABOUT_A_REQUEST[:3], Field("right", "long", optional=True), *_ABOUT_A_REQUEST[3:])),
    Form("details_suspension", (*_ABOUT_A_REQUEST[:3], Field("ground", "choice"), *_ABOUT_A_REQUEST[3:])),
    Form("details_incident", _ABOUT_AN_INCIDENT),
    Form("report_incident", _ABOUT_AN_INCIDENT),
    Form("feedback", (Field("reason", "long"), Field("ask", "checks", optional=True, options=("inquiry",)))),
    Form(
        "provision",
        (
            Field("recipient", "text"),
            Field("persons", "long"),
            Field("items", "text"),
            Field("consent", "long"),
            Field("on", "date"),
            Field("form", "radio", options=("single", "batch", "contract")),
        ),
    ),
    # What a manager fills in: the id is that of the step.
    Form("answer", (Field("text", "long"), Field("keep", "checks", optional=True, options=("precedent",)))),
    Form("ask_requester", (Field("text", "long"),)),
    Form("reply", (Field("text", "long"),)),
    Form(
        "check_identity",
        (
            Field("how", "choice", options=("employee_card", "licence", "certificate", "known", "other")),
            Field("note", "text", optional=True),
        ),
    ),
    Form("decide", (Field("decision", "choice"), Field("explanation", "long", optional=True))),
    Form("notify", (Field("text", "long"), Field("way", "radio", options=("thread", "other")))),
    Form("contain", (Field("what", "long"),)),
    Form(
        "assess",
        (
            Field("classes", "checks", optional=True, options=("sensitive", "financial", "malicious", "mass")),
            Field("note", "long", optional=True),
        ),
    ),
    Form(
        "report",
        (
            Field("stage", "radio", options=("preliminary", "final")),
            Field("on", "date"),
            Field("note", "text", optional=True),
        ),
    ),
    Form("not_reportable", (Field("why", "long"),)),
    Form("reopen", (Field("why", "long"),)),
    Form("assign", (Field("user", "user"),)),
    Form("set_known_at", (Field("at", "moment"), Field("why", "text", optional=True))),
    Form("change_due", (Field("due", "date"), Field("reason", "long"))),
    Form("merge", (Field("number", "text"),)),
    # What anybody fills in on their home page.
    Form("search", (Field("text", "text"),)),
)
FORMS = {form.id: form for form in _FORMS}
