"""The official numbers as dated data, each with its source."""
