"""What other programs find in the same texts: small judges from packages, if installed here."""

from collections.abc import Callable, Iterator

Judge = Callable[[str], bool]


def installed(say: Callable[[str], None]) -> Iterator[tuple[str, Judge]]:
    """Each judge by its name; one that is not installed is skipped with a message."""
    for name, make in (("alt-profanity-check", _profanity_check),
                       ("better-profanity", _better_profanity),
                       ("vaderSentiment", _vader), ("scrubadub", _scrubadub)):
        try:
            judge = make()
            judge("You are a fool.")
        # an old package may fail in its own way; the table goes on without it
        except Exception as problem:
            say(f"{name} is skipped: {type(problem).__name__}: {problem}".splitlines()[0][:120])
        else:
            yield name, judge


def _profanity_check() -> Judge:
    from profanity_check import predict

    return lambda text: bool(predict([text])[0])


def _better_profanity() -> Judge:
    from better_profanity import profanity

    profanity.load_censor_words()
    return lambda text: bool(profanity.contains_profanity(text))


def _vader() -> Judge:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyzer = SentimentIntensityAnalyzer()
    return lambda text: bool(analyzer.polarity_scores(text)["compound"] <= -0.05)


def _scrubadub() -> Judge:
    import scrubadub

    scrubber = scrubadub.Scrubber()
    return lambda text: any(True for _ in scrubber.iter_filth(text))
