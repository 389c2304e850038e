"""An xlwings engine for LibreOffice Calc over UNO, and what xlwings' interface lacks there."""
