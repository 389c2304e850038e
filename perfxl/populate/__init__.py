"""From plan to forms: plans read by their labels, new workbooks, and forms that exist filled where they are empty."""
