"""The time that stands in the documents perfxl makes: always the same, so that the same content gives the same bytes."""

from datetime import datetime

CREATED = datetime(2025, 1, 6, 9, 0)  # noqa: DTZ001 - a document's time has no zone
