"""How a pace reads in words: a sentence for each thing that can be changed."""

from flask_babel import gettext as _
from flask_babel import ngettext

from letters.rules.pace import EVERY_DAY, Pace, Sending
from letters.web import words


def sentences(pace: Pace) -> dict[str, str]:
    """Each setting as it is now, by the form that changes it."""
    return {"mode": _("Letters come as agreed, and you are not asked before each.")
            if pace.as_agreed else _("You are asked before each letter."),
            "gap": ngettext("At least %(num)s day lies between two letters.",
                            "At least %(num)s days lie between two letters.",
                            pace.minimum_gap_days) if pace.minimum_gap_days
            else _("No days have to lie between two letters."),
            "month": _("There is no limit a month.") if pace.most_a_month is None
            else ngettext("At most %(num)s letter comes in a month.",
                          "At most %(num)s letters come in a month.", pace.most_a_month),
            "days": _days(pace), "hours": _hours(pace),
            "quiet": ngettext("%(num)s quiet time is kept.", "%(num)s quiet times are kept.",
                              len(pace.quiet)) if pace.quiet else _("No quiet weeks are set."),
            "painful": ngettext("%(num)s date is kept free.", "%(num)s dates are kept free.",
                                len(pace.painful)) if pace.painful else _("No dates are set."),
            "sending": _sending(pace)}


def _days(pace: Pace) -> str:
    if pace.weekdays == EVERY_DAY:
        return _("They may come on any day.")
    names = words.weekdays()
    return _("They come on: %(days)s.", days=", ".join(names[day] for day in pace.weekdays))


def _hours(pace: Pace) -> str:
    if (pace.first_hour, pace.last_hour) == (0, 24):
        return _("They may come at any hour.")
    return _("They come from %(first)s to %(last)s.", first=f"{pace.first_hour:02}:00",
             last=f"{pace.last_hour:02}:00")


def _sending(pace: Pace) -> str:
    match pace.sending:
        case Sending.HOLD:
            return _("A letter of yours is held until you say that it may go.")
        case Sending.COOLING:
            return ngettext("A letter of yours goes %(num)s hour after it is approved.",
                            "A letter of yours goes %(num)s hours after it is approved.",
                            pace.cooling_hours)
    return _("A letter of yours goes when it is approved.")
