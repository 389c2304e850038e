Attribute VB_Name = "Launcher"
' Starts perfxl for a button. The work is done there; here is only where it lies and what it is told: what to do, in which
' program (LibreOffice has no Application.Path), with which workbook. The words for the user stand in the workbook.

Sub PerfxlStart(ByVal action As String)
    Dim launcher As String, program As String, folder As String, book As String
    launcher = Environ("HOME") & "/.local/share/perfxl/launcher/perfxl-button"
    If Environ("LOCALAPPDATA") <> "" Then launcher = Environ("LOCALAPPDATA") & "\perfxl\launcher\perfxl-button.exe"
    On Error Resume Next
    program = Application.Path
    folder = ActiveWorkbook.Path
    book = ActiveWorkbook.Name
    Err.Clear
    Shell """" & launcher & """ " & action & " """ & program & """ """ & folder & "/" & book & """", vbNormalFocus
    If Err.Number <> 0 Then MsgBox ThisWorkbook.Names("perfxl_missing").RefersToRange.Value, vbExclamation
End Sub
