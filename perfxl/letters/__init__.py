"""Letters that send forms back: for each department what is wrong in its forms, in which cell, and what to change."""
