"""What a run found and did, for people (text) and for programs (JSON), and how far it is."""
