"""The right that each page needs, in one table: by its blueprint, or by itself if it differs.

A page that is neither in the table nor open to all keeps the application from starting. The verbs
check again, with the case or the letter at hand.
"""

from flask import Flask, request
from werkzeug.exceptions import Forbidden

from letters.rules.permissions import Permission, has
from letters.web.access import OPEN_TO_ALL, anybody

PAGES: dict[str, Permission] = {
    # accounts
    "sign_in.sign_out": Permission.ACCOUNT_KEEP,
    "second_factor": Permission.ACCOUNT_KEEP,
    "settings": Permission.ACCOUNT_KEEP,
    "settings.leaving": Permission.CASE_TAKE_PART,
    "lost_access": Permission.ACCOUNT_KEEP,
    "contact": Permission.ACCOUNT_KEEP,
    "display": Permission.ACCOUNT_KEEP,
    "kept_about_me": Permission.CASE_TAKE_PART,
    "unsent": Permission.ACCOUNT_KEEP,
    "absence": Permission.PROFILE_WRITE,
    "profile": Permission.PROFILE_WRITE,
    "reset_for_somebody": Permission.ACCOUNT_RESET,
    "supervised_sign_in": Permission.CUSTODY_CHOOSE,
    # home
    "home": Permission.CASE_TAKE_PART,
    "home.stop": Permission.CASE_STOP,
    "consent": Permission.CASE_CONSENT,
    "agreement": Permission.CASE_AGREE,
    "promises": Permission.CASE_CHOOSE,
    "choose_facilitator": Permission.CASE_CHOOSE,
    "feedback": Permission.CASE_TAKE_PART,
    "contact_team": Permission.CASE_TAKE_PART,
    "team.for_participants": Permission.CASE_TAKE_PART,
    # a letter's way
    "writing": Permission.LETTER_WRITE,
    "returned": Permission.LETTER_WRITE,
    "saved_after_sign_out": Permission.LETTER_WRITE,
    "printing": Permission.LETTER_WRITE,
    "for_myself": Permission.PRIVATE_WRITE,
    "desk": Permission.LETTER_REVIEW,
    "care": Permission.LETTER_REVIEW,
    "content_note": Permission.LETTER_REVIEW,
    "notes": Permission.LETTER_REVIEW,
    "screening_feedback": Permission.LETTER_REVIEW,
    "suggestions": Permission.LETTER_REVIEW,
    "pace": Permission.CASE_SET_PACE,
    "inbox": Permission.LETTER_READ,
    "inbox.plan": Permission.CASE_SET_PACE,
    "why_left_out": Permission.LETTER_READ,
    # cases
    "today": Permission.TODAY_SEE,
    "search": Permission.CASE_SEE,
    "cases": Permission.CASE_SEE,
    "cases.new": Permission.CASE_OPEN,
    "cases.halt": Permission.CASE_HALT,
    "team": Permission.CASE_SEE,
    "background": Permission.CASE_MANAGE,
    "people": Permission.CASE_MANAGE,
    "risk": Permission.CASE_MANAGE,
    "case_agreement": Permission.CASE_MANAGE,
    "tasks": Permission.CASE_MANAGE,
    "retention": Permission.CASE_MANAGE,
    "alerts": Permission.CASE_MANAGE,
    "messages": Permission.CASE_MANAGE,
    # oversight
    "load": Permission.LOAD_SEE,
    "disagreements": Permission.DISAGREEMENT_SEE,
    "screening": Permission.SCREENING_TUNE,
    "suggest_colleague": Permission.WORK_ASSIGN,
    "emergency_access": Permission.EMERGENCY_SECOND,
    "staff": Permission.STAFF_INVITE,
    "running": Permission.RUNNING_SEE,
}


def register(app: Flask) -> None:
    """Check the table before anything reads a form, once all pages are in the application.

    Raises ``LookupError`` for a page that is neither in the table nor open to all.
    """
    missing = [page for page in app.view_functions if page not in OPEN_TO_ALL
               and right_of(page) is None]
    if missing:
        raise LookupError(f"no right is named for {', '.join(sorted(missing))}")


def right_of(endpoint: str) -> Permission | None:
    """The right that a page needs, or None if it needs none."""
    return PAGES.get(endpoint) or PAGES.get(endpoint.partition(".")[0])


def require() -> None:
    """Refuse an insider whose role may not see this page. ``access`` leads people who are
    not signed in to the entrance."""
    right = right_of(request.endpoint or "")
    # a page that needs no right needs no database either
    person = anybody() if right is not None else None
    if right is not None and person is not None and not has(person.role, right):
        raise Forbidden
