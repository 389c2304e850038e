"""The commands of the command line: one module each, imported when its command is called.

A command's module has `add_arguments(parser)`, which declares what it takes, and `run(args)`, which gives the exit status.
"""

# Name to the line that `perfxl --help` shows, in the order shown there; the module of a command bears its name.
COMMANDS = {
    "check": "检查，列出问题",
    "score": "计算执行率、得分、总分，就地更正",
    "clear": "清除标记",
    "undo": "撤销上一次改动",
    "new": "生成空白表，或从计划生成填好的自评表",
    "populate": "把计划、执行台账填进已有的自评表",
    "export": "把自评表导出为 Word 或 PDF，供公开",
    "consolidate": "把许多工作簿汇总到一个库",
    "query": "查询汇总库",
    "live": "在打开的工作簿上计算、检查、填充、撤销",
    "explain": "解释一项检查",
    "addin": "Excel、WPS、LibreOffice 里的按钮：生成、安装、卸载",
    "doctor": "看看这台电脑上哪些功能可用",
    "demo": "演示全过程：从计划到退回修改意见",
}
