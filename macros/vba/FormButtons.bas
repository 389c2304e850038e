Attribute VB_Name = "FormButtons"
' The buttons on the sheet of a form, one line each.

Sub PerfxlScore()
    PerfxlStart "score"
End Sub

Sub PerfxlCheck()
    PerfxlStart "check"
End Sub

Sub PerfxlUndo()
    PerfxlStart "undo"
End Sub
