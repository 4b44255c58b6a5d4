"""What a reader passed on has its own lane"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("INSERT INTO desk_counts (person_id, lane, letters) "
               "SELECT DISTINCT person_id, 'passed on', 0 FROM desk_counts")
    op.execute("UPDATE desk SET lane = 'passed on' WHERE lane = 'second reading' AND EXISTS "
               "(SELECT 1 FROM letters JOIN decisions ON decisions.version_id = "
               "letters.submitted_id AND decisions.round = letters.round "
               "WHERE letters.id = desk.letter_id AND decisions.reader_id = desk.person_id "
               "AND decisions.verdict = 'approve')")
    op.execute("UPDATE desk_counts SET letters = (SELECT count(*) FROM desk WHERE "
               "desk.person_id = desk_counts.person_id AND desk.lane = desk_counts.lane) "
               "WHERE lane IN ('second reading', 'passed on')")
