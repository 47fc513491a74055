; Electron runs on Windows 10 and newer only: on an older one the program would end without a word, so the
; installer says so, before anything is copied.
!macro customInit
  ${IfNot} ${AtLeastWin10}
    MessageBox MB_OK|MB_ICONSTOP "结算窗口需要 Windows 10 或更新的 64 位系统，这台电脑的 Windows 太旧（例如 Windows 7、Windows 8），没有安装任何东西。$\r$\n请换一台 Windows 10/11、麒麟或统信的电脑；数据文件夹可以整个搬过去。$\r$\n$\r$\nThe desk needs Windows 10 or newer, 64 bit. This Windows is too old (such as 7 or 8); nothing was installed." /SD IDOK
    SetErrorLevel 1
    Quit
  ${EndIf}
!macroend
