"""What each column of each table is, as data, and why whoever can write to it gains nothing.

``key``      an id, or what rows are found by: a row under another one is another row
``sealed``   opens with a person's or the server's key alone, in its own place
``signed``   a person's signature, or what one covers
``attested`` the server's MAC, or what one covers
``facts``    the record says the same, and has the last word where anything is decided
``listing``  finds, sorts or counts; nothing is decided by it
``harmless`` nobody is shown, sealed to or released anything by it
"""

CLASSES = ("key", "sealed", "signed", "attested", "facts", "listing", "harmless")

COLUMNS: dict[str, dict[str, str]] = {
    "attempts": {"key": "lookup", "harmless": "failures last_at"},
    "audit": {"key": "case_id number", "attested": "at actor_id event subject_id about_id left "
              "entered mac detail", "listing": "evolved"},
    "cases": {"key": "id", "facts": "epoch pace ready_at paused_at stopped_at halted_at "
              "audit_number audit_head", "sealed": "audit_key",
              "listing": "reference opened_at stopped_by closed_at erased_at"},
    "installation": {"key": "id", "attested": "mac generation generation_mac",
                     "facts": "audit_number audit_head", "sealed": "audit_key"},
    "people": {"key": "id", "attested": "role mac", "sealed": "name root_by_password "
               "root_by_recovery", "facts": "serial second_factor enrolled_at",
               "harmless": "lookup salt verifier exit_keys"},
    "public_keys": {"key": "kind owner_id serial", "attested": "sealing verifying mac"},
    "sent_forms": {"key": "key", "harmless": "at led_to"},
    "tallies": {"key": "name", "sealed": "sealed"},
    "alerts": {"key": "id", "listing": "case_id owner_id opened_at act_by risen_at closed_at"},
    "specialists": {"key": "case_id person_id"},
    "asked": {"key": "case_id person_id", "attested": "asked_by asked_at epoch mac",
              "sealed": "sealed"},
    "care": {"key": "person_id", "harmless": "most_a_day day taken uses_keys covers"},
    "case_keys": {"key": "case_id epoch member_id", "sealed": "sealed"},
    "channels": {"key": "id", "attested": "case_id sender_id recipient_id mac",
                 "listing": "opened_at"},
    "comfort": {"key": "person_id",
                "harmless": "large_type read_aloud word_harmed word_responsible"},
    "contact_ways": {"key": "person_id", "sealed": "sealed"},
    "desk_counts": {"key": "person_id lane", "listing": "letters"},
    "emergency_requests": {"key": "id", "attested": "case_id supervisor_id asked_at due_at "
                           "safeguarding mac", "facts": "seconded_by opened_at closed_at",
                           "signed": "second_signature"},
    "feedback": {"key": "form_id supervisor_id", "attested": "month role mac", "sealed": "sealed"},
    "invitations": {"key": "lookup", "attested": "person_id case_id expires_at mac",
                    "facts": "used_at", "listing": "made_at"},
    "kept_saves": {"key": "id person_id", "sealed": "sealed", "listing": "letter_id kept_at"},
    "key_confirmations": {"key": "person_id serial member_id", "signed": "at signature"},
    "members": {"key": "case_id person_id", "listing": "joined_at mac"},
    "names_lists": {"key": "case_id", "sealed": "sealed"},
    "never_sent": {"key": "id person_id", "sealed": "sealed saves",
                   "listing": "began_at saved_at"},
    "notes": {"key": "id subject_id kind reader_kind reader_id epoch",
              "signed": "written_by", "sealed": "sealed", "listing": "written_at"},
    "notices": {"key": "id person_id", "harmless": "kind made_at due_at tries sent_at failed_at"},
    "participants": {"key": "id case_id", "attested": "person_id mac", "listing": "stopped_at"},
    "pins": {"key": "person_id case_id", "sealed": "sealed"},
    "profiles": {"key": "person_id", "sealed": "sealed"},
    "resets": {"key": "lookup", "attested": "person_id asked_by expires_at mac",
               "facts": "used_at"},
    "rosters": {"key": "case_id number", "signed": "at members signer_id signature"},
    "second_factors": {"key": "id person_id kind", "sealed": "secret",
                       "harmless": "made_at used_at counter"},
    "sessions": {"key": "id person_id", "sealed": "kid root stage idle_minutes expires_at",
                 "harmless": "tries device began_at seen_at"},
    "spare_case_keys": {"key": "case_id epoch supervisor_id",
                        "sealed": "sealed supervisor_serial release_kid"},
    "supervised_windows": {"key": "id", "attested": "person_id opened_by until mac"},
    "unsent": {"key": "place person_id", "sealed": "form sealed", "harmless": "about_id kept_at"},
    "emergency_keys": {"key": "request_id epoch", "sealed": "sealed"},
    "letters": {"key": "id", "attested": "case_id channel_id author_id recipient_id",
                "facts": "state submitted_id round recall_asked_at",
                "listing": "began_at draft_id submitted_at claimed_by claimed_until wanted_by "
                "wanted_at review_on due_at released_at opened_at"},
    "desk": {"key": "person_id letter_id", "listing": "lane since aside_until"},
    "disagreements": {"key": "id case_id letter_id",
                      "listing": "version_id opened_at settled_at"},
    "versions": {"key": "id letter_id", "signed": "kind parent body",
                 "facts": "digest findings_hash policy needed epoch", "attested": "screening_mac",
                 "sealed": "findings weight content_note", "listing": "saved_at basis_id lost"},
    "decisions": {"key": "id version_id reader_id", "signed": "round verdict at signature"},
    "grants": {"key": "version_id reader_kind reader_id epoch", "sealed": "sealed"},
    "sealed_releases": {"key": "version_id", "signed": "recipient_kid",
                        "sealed": "release_kid sealed"},
    "statements": {"key": "version_id at", "signed": "recipient_kid sealed_hash signer_id "
                   "signature"},
}
