"""The configuration: a pure function of the environment, computed once; weak values are refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from phonenumbers import SUPPORTED_REGIONS

from keys.passphrase import Cost
from letters import service_files
from letters.mail_server import Server
from letters.rules.errors import CannotStart

ROOT = Path(__file__).resolve().parent.parent
MOST_OTHER_COUNTRIES = 5
"""A letter is searched for telephone numbers once for each country."""


class Setting(NamedTuple):
    """A setting: its name in the environment, what it means, and what holds without it."""

    name: str
    meaning: str
    default: str = ""


SETTINGS = (
    Setting("LETTERS_HOME",
            "the installation's folder: `data/` and `keys/`",
            "`~/.local/share/letter-exchange`"),
    Setting("DATABASE_URL",
            "`postgresql://user:password@host/database`, or an SQLite file",
            "SQLite in `data/`"),
    Setting("KEY_FILE", "the key file; never in the repository or in `data/`", "`keys/keys.json`"),
    Setting("STATE_FILE",
            "the state file; never in `data/`, and not in the database's backups",
            "`state/state.log`"),
    Setting("SERVICE_NAME", "the neutral word in titles", "`Messages`"),
    Setting("FRAMEWORK",
            "the service's framework, a YAML file (below)",
            "`letters/defaults/framework.yaml`"),
    Setting("PROMPTS",
            "guidance and questions for writers, a YAML file like `letters/defaults/prompts.yaml`",
            "that one"),
    Setting("SUPPORT",
            "helplines that pages name, a YAML file (below)",
            "`letters/defaults/support.yaml`, which names none"),
    Setting("LANGUAGE_OF_PAGES", "the language of all pages (below)", "`en_GB`"),
    Setting("LANGUAGES", "the folder of its words", "`languages/`"),
    Setting("TIME_ZONE",
            "where the service is: days, hours and due dates are its own",
            "`Europe/London`"),
    Setting("EXIT_URL", "where \"Leave this site now\" leads", "an encyclopaedia's first page"),
    Setting("COUNTRY", "home country for telephone numbers, and for the emergency number",
            "`GB`"),
    Setting("OTHER_COUNTRIES",
            "up to five more whose numbers are found without `+` and a country's code, such as "
            "`IE,FR`",
            "none"),
    Setting("EMERGENCY_DELAY_HOURS",
            "how long a supervisor waits before a case opens to them, 1 to 336",
            "`24`"),
    Setting("EMERGENCY_TELLS_PERSON_HARMED", "whether the person harmed is told when it did",
            "`true`"),
    Setting("TRUSTED_HOPS",
            "how many web servers stand in front of this one and write `X-Forwarded-For`",
            "`0`"),
    Setting("SMTP_HOST", "the mail server for notices; without it none is sent"),
    Setting("SMTP_TLS", "`starttls`, `tls`, or `none` for a server on this machine", "`starttls`"),
    Setting("SMTP_PORT", "its port", "`587`, `465` or `25`"),
    Setting("SMTP_USER", "the name with which the program signs in there, if it does"),
    Setting("SMTP_PASSWORD", "and its password"),
    Setting("MAIL_FROM", "the address that notices come from"),
    Setting("NOTICE_DELAY_HOURS", "the longest delay of a notice, 0 to 72", "`24`"),
    Setting("RATELIMIT_STORAGE_URI",
            "where tries an address are counted: `redis://…` or `valkey://…` (install that "
            "package)",
            "the database"),
)
"""Every setting; docs/operating.md shows them."""


@dataclass(frozen=True)
class Config:
    """Where things are. ``eager``: open the platform while the application is
    created, so that it refuses at once."""

    home: Path
    database_url: str
    key_file: Path
    service_name: str = "Messages"
    exit_url: str = "https://en.wikipedia.org/wiki/Main_Page"
    country: str = "GB"
    emergency_delay_hours: int = 24
    emergency_tells_person_harmed: bool = True
    cost: Cost = Cost()
    eager: bool = True
    rate_limit_storage: str = "installation://"
    trusted_hops: int = 0
    state_file: Path | None = None
    framework_file: Path = service_files.FRAMEWORK
    prompts_file: Path = service_files.PROMPTS
    support_file: Path = service_files.SUPPORT
    zone: ZoneInfo = ZoneInfo("Europe/London")
    post: Server | None = None
    notice_delay_hours: int = 24
    language: str = "en_GB"
    languages: Path = ROOT / "languages"
    other_countries: tuple[str, ...] = ()

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "Config":
        """Read ``SETTINGS``.

        Raises ``CannotStart`` for an unsupported database, and for a key file or state file in a
        place from which it would be copied along.
        """
        home = Path(env.get("LETTERS_HOME") or _default_home(env)).expanduser().resolve()
        key_file = Path(env.get("KEY_FILE") or home / "keys" / "keys.json").expanduser().resolve()
        url = database_url(env.get("DATABASE_URL") or f"sqlite:///{home / 'data' / 'letters.db'}")
        state = Path(env["STATE_FILE"]).expanduser().resolve() if env.get("STATE_FILE") else None
        _require_apart(key_file, state, (home / "data", sqlite_folder(url)))
        country = env.get("COUNTRY", "GB").upper()
        # UK is no code: nothing would be found, and nobody would notice
        if country not in SUPPORTED_REGIONS:
            raise CannotStart("COUNTRY is a code of two letters, such as GB.")
        exit_url = env.get("EXIT_URL", cls.exit_url)
        if not exit_url.startswith("https://"):
            raise CannotStart("EXIT_URL must begin with https://")
        delay, tells = _emergency_access(env)
        try:
            zone = ZoneInfo(env.get("TIME_ZONE") or "Europe/London")
        # a folder, or too long a name, is no zone
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise CannotStart(
                "TIME_ZONE is the name of a time zone, such as Europe/London."
            ) from None
        return cls(home, url, key_file,
                   env.get("SERVICE_NAME", cls.service_name), exit_url, country, delay, tells,
                   eager=env.get("FLASK_RUN_FROM_CLI") != "true", trusted_hops=_hops(env),
                   rate_limit_storage=env.get("RATELIMIT_STORAGE_URI") or cls.rate_limit_storage,
                   state_file=state,
                   framework_file=_file(env, "FRAMEWORK", service_files.FRAMEWORK),
                   prompts_file=_file(env, "PROMPTS", service_files.PROMPTS),
                   support_file=_file(env, "SUPPORT", service_files.SUPPORT), zone=zone,
                   post=Server.from_env(env), notice_delay_hours=_notice_delay(env),
                   language=env.get("LANGUAGE_OF_PAGES") or cls.language,
                   languages=_file(env, "LANGUAGES", cls.languages),
                   other_countries=_other_countries(env))

    @property
    def state(self) -> Path:
        """The path of the state file."""
        return self.state_file or self.home / "state" / "state.log"

    @property
    def database_folder(self) -> Path | None:
        """The folder of the SQLite file, or None with PostgreSQL."""
        return sqlite_folder(self.database_url)

    @property
    def bell(self) -> Path:
        """The file that is touched to wake the worker if there is no PostgreSQL to do it."""
        return (self.database_folder or self.home / "data") / "bell"

    @property
    def is_postgresql(self) -> bool:
        """True if the database is PostgreSQL, false if it is the embedded SQLite."""
        return self.database_url.startswith("postgresql")


def _other_countries(env: Mapping[str, str]) -> tuple[str, ...]:
    """The further countries, each once.
    Raises ``CannotStart`` for one without telephone numbers: nothing would be found."""
    named = (part.strip().upper() for part in env.get("OTHER_COUNTRIES", "").split(","))
    codes = tuple(dict.fromkeys(code for code in named if code))
    if len(codes) > MOST_OTHER_COUNTRIES or not set(codes) <= SUPPORTED_REGIONS:
        raise CannotStart(f"OTHER_COUNTRIES is up to {MOST_OTHER_COUNTRIES} codes of two "
                          "letters, such as IE,FR.")
    return codes


def sqlite_folder(url: str) -> Path | None:
    """The folder of an SQLite file, or None for another database."""
    return (Path(url.removeprefix("sqlite:///").split("?")[0]).resolve().parent
            if url.startswith("sqlite") else None)


def database_url(url: str) -> str:
    """The URL in the form that SQLAlchemy needs.
    Raises ``CannotStart`` unless it is SQLite or PostgreSQL."""
    scheme, _, rest = url.partition("://")
    if scheme in ("postgres", "postgresql", "postgresql+psycopg"):
        return f"postgresql+psycopg://{rest}"
    if scheme == "sqlite" and rest.strip("/") and "memory" not in rest:
        return url
    raise CannotStart("DATABASE_URL must name a PostgreSQL database or an SQLite file.")


def _file(env: Mapping[str, str], name: str, otherwise: Path) -> Path:
    return Path(env.get(name) or otherwise).expanduser().resolve()


def _hops(env: Mapping[str, str]) -> int:
    hops = env.get("TRUSTED_HOPS", "0")
    if hops not in {str(number) for number in range(10)}:
        raise CannotStart("TRUSTED_HOPS is the number of web servers in front of this one, 0 to 9.")
    return int(hops)


def _notice_delay(env: Mapping[str, str]) -> int:
    longest = env.get("NOTICE_DELAY_HOURS", "24")
    if longest not in {str(hours) for hours in range(73)}:
        raise CannotStart("NOTICE_DELAY_HOURS is a whole number of hours from 0 to 72.")
    return int(longest)


def _require_apart(key_file: Path, state: Path | None, folders: tuple[Path | None, ...]) -> None:
    """Keys must not be copied with what they open; the state file must not be put back with it."""
    data = tuple(folder for folder in folders if folder is not None)
    for place, among in (("the repository", (ROOT,)), ("the folder of the database", data)):
        if any(map(key_file.is_relative_to, among)):
            raise CannotStart(f"KEY_FILE must not lie in {place}: "
                              "whoever copies that would copy the keys with it.")
    if state is not None and any(map(state.is_relative_to, data)):
        raise CannotStart("STATE_FILE must not lie in the folder of the database: "
                          "it would be put back too.")


def _emergency_access(env: Mapping[str, str]) -> tuple[int, bool]:
    """The hours of waiting, and whether the person harmed is told."""
    delay = env.get("EMERGENCY_DELAY_HOURS", "24")
    tells = env.get("EMERGENCY_TELLS_PERSON_HARMED", "true").lower()
    if not (delay.isascii() and delay.isdigit() and 1 <= int(delay[:4]) <= 336):
        raise CannotStart("EMERGENCY_DELAY_HOURS is a whole number of hours from 1 to 336.")
    if tells not in ("true", "false"):
        raise CannotStart("EMERGENCY_TELLS_PERSON_HARMED is true or false.")
    return int(delay), tells == "true"


def _default_home(env: Mapping[str, str]) -> Path:
    return Path(env.get("XDG_DATA_HOME")
                or Path(env.get("HOME") or "~") / ".local" / "share") / "letter-exchange"
