#!/usr/bin/env bash
# 演示，自带准备：从计划生成自评表、填报、检查、算分、撤销、汇总，每一步说明打开哪个文件看。
#   bash tools/demo.sh [目录]   默认写到 demo-out
set -euo pipefail
target=$(realpath -m -- "${1:-demo-out}")
cd "$(dirname "$0")/.."
bash tools/setup.sh runtime
exec .venv/bin/perfxl demo -- "$target"
