"""One small function per check; a registry; messages and pages in `texts/`."""
