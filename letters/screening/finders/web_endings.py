"""The endings of web addresses, as alternatives of a pattern.

They are grouped by certainty: "sorry.It" is a missing space, "example.org" is not.
"""

# Generic endings that begin no sentence, and every country's ending that is no
# English word or usual abbreviation.
SURE = (
    "com|org|net|info|biz|edu|gov|mil|int|app|dev|xyz|email|"
    "ac|ae|af|ag|ai|ao|aq|ar|au|aw|az|ba|bb|bd|bf|bg|bh|bi|bj|bm|bn|bo|br|bs|bt|bw|bz|ca|cc|cd|"
    "cf|cg|ch|ci|ck|cl|cn|"
    "co|cr|cu|cv|cw|cx|cy|cz|dj|dk|dm|dz|ec|ee|eg|es|eu|fi|fj|fk|fm|fo|fr|ga|gd|ge|gf|gg|gh|gi|"
    "gl|gm|gn|gp|gq|gr|gt|"
    "gu|gw|gy|hk|hn|hr|ht|hu|ie|il|io|iq|ir|je|jo|jp|ke|kg|kh|ki|kn|kp|kr|kw|ky|kz|lb|lc|li|lk|"
    "lr|ls|lt|lu|lv|ly|mc|md|"
    "mh|mk|ml|mm|mn|mo|mp|mq|mt|mu|mv|mw|mx|mz|nc|ne|nf|ng|ni|nl|np|nr|nu|nz|om|pe|pf|pg|ph|pk|"
    "pl|pn|pr|pt|pw|py|qa|re|ro|"
    "rs|ru|rw|sa|sb|sd|se|sg|si|sk|sl|sn|sr|ss|sv|sx|sy|sz|tc|td|tf|tg|tj|tk|tl|tm|tn|tr|tt|tv|"
    "tw|tz|ua|ug|uk|uy|uz|va|vc|"
    "ve|vg|vi|vn|vu|wf|ws|ye|yt|za|zm|zw|scot|wales|london"
)

# These count only with a path behind them or something else that a sentence would not have.
WORDS = (
    "ad|al|am|as|at|be|by|cm|de|do|er|et|gs|id|im|in|is|it|km|la|ma|me|mg|mr|ms|my|na|no|pa|pm|"
    "ps|sc|sh|so|st|th|to|us|"
    "site|online|live|life|world|space|link|page|chat|website|top|click|store|shop|blog|club|"
    "news|fun|one"
)

# Short hosts under such endings that are themselves an invitation to write.
KNOWN_HOSTS = (
    r"bit\.ly|t\.me|wa\.me|m\.me|fb\.me|ig\.me|paypal\.me|telegram\.me|signal\.me|about\.me|"
    r"cash\.me|youtu\.be"
    r"|instagr\.am|lnkd\.in|linktr\.ee|discord\.gg|goo\.gl"
)

# Mail services whose name is understood without its ending.
MAIL_SERVICES = "gmail|googlemail|hotmail|icloud|protonmail"
