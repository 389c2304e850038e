Attribute VB_Name = "Ribbon"
' The buttons of the ribbon tab, one line each.

Sub PerfxlPopulate(control As IRibbonControl)
    PerfxlStart "populate"
End Sub

Sub PerfxlScore(control As IRibbonControl)
    PerfxlStart "score"
End Sub

Sub PerfxlUndo(control As IRibbonControl)
    PerfxlStart "undo"
End Sub

Sub PerfxlCheck(control As IRibbonControl)
    PerfxlStart "check"
End Sub

Sub PerfxlClear(control As IRibbonControl)
    PerfxlStart "clear"
End Sub

Sub PerfxlConsolidate(control As IRibbonControl)
    PerfxlStart "consolidate"
End Sub

Sub PerfxlHelp(control As IRibbonControl)
    PerfxlStart "help"
End Sub
