#!/usr/bin/env bash
# 演示，自带准备：写出几个单位的示例自评表，算分、检查，说明问题在哪里、改了什么。
#   bash tools/demo.sh [目录]   默认写到 demo-out
set -euo pipefail
target=$(realpath -m -- "${1:-demo-out}")
cd "$(dirname "$0")/.."
bash tools/setup.sh runtime
exec .venv/bin/perfxl demo -- "$target"
