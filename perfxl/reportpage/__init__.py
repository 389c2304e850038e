"""The report page: what a store holds as one HTML file that opens without a network."""
