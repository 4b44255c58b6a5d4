"""No figure in the README is typed: its table is what the last full run of the benchmark says."""

import json

from benchmarks import report


def test_the_readme_has_the_table_of_the_last_full_run() -> None:
    text = report.README.read_text("utf-8")
    assert text.count(report.BEGIN) == text.count(report.END) == 1
    assert report.in_readme(text, json.loads(report.LAST.read_text("utf-8"))) == text
