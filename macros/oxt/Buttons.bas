' The buttons of LibreOffice's menu and toolbar, one line each. Starts perfxl for a button, as vba/Launcher.bas does: what to do, in
' which program (none named: LibreOffice), with which workbook. The words for the user stand in the module Texts.

Sub Populate
    Start "populate"
End Sub

Sub Score
    Start "score"
End Sub

Sub Undo
    Start "undo"
End Sub

Sub Check
    Start "check"
End Sub

Sub Clear
    Start "clear"
End Sub

Sub Consolidate
    Start "consolidate"
End Sub

Sub Help
    Start "help"
End Sub


Private Sub Start(action As String)
    Dim launcher As String, book As String
    launcher = Environ("HOME") & "/.local/share/perfxl/launcher/perfxl-button"
    If Environ("LOCALAPPDATA") <> "" Then launcher = Environ("LOCALAPPDATA") & "\perfxl\launcher\perfxl-button.exe"
    book = ThisComponent.URL
    If book = "" Then book = ThisComponent.Title
    On Error GoTo Missing
    Shell launcher, 1, action & " """" """ & book & """", False
    Exit Sub
Missing:
    MsgBox MissingText, 48, TitleText
End Sub
