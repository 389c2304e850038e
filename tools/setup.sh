#!/usr/bin/env bash
# 准备运行环境：缺少的系统软件用 apt-get 安装，Python 软件包按锁定的版本装入 .venv。已经齐备时什么也不做。
#   bash tools/setup.sh          开发、测试所需的一切
#   bash tools/setup.sh runtime  只准备运行 perfxl 所需的部分
set -euo pipefail
cd "$(dirname "$0")/.."

scope=${1:-dev}
case $scope in
  dev | runtime) ;;
  *)
    echo "用法：bash tools/setup.sh [dev|runtime]" >&2
    exit 2
    ;;
esac

say() { printf '【准备】%s\n' "$*" >&2; }
stop() {
  say "$@"
  exit 1
}

# 名称、装在哪里可以看出、做什么用
missing=()
need() {
  local package=$1 purpose=$2
  shift 2
  "$@" >/dev/null 2>&1 && return
  missing+=("$package")
  say "缺少 $package（$purpose）"
}

install_missing() {
  ((${#missing[@]})) || return 0
  command -v apt-get >/dev/null || stop "本机没有 apt-get，请用本系统的办法安装：${missing[*]}，然后重新运行。"
  local as_root=()
  if ((EUID != 0)); then
    command -v sudo >/dev/null || stop "安装系统软件需要管理员权限，请以 root 身份运行：apt-get install ${missing[*]}"
    as_root=(sudo)
  fi
  say "正在安装系统软件：${missing[*]}（只装这些，首次需要几分钟）"
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# 优先用系统自带的 Python：python3-uno 只认它，发行版编译它时又做了各种优化，读工作簿快一到两成
python=python3
for candidate in /usr/bin/python3 python3; do
  if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    python=$candidate
    break
  fi
done

has_writer() { [[ -e $(dirname "$(readlink -f "$(command -v soffice)")")/libswlo.so ]]; }
has_cjk_font() { fc-list :lang=zh-cn family | grep -q .; }

need python3-venv "建立独立的 Python 环境" "$python" -c 'import ensurepip, venv'
if [[ $scope == dev ]]; then
  need libreoffice-calc "测试用它重算、打开 perfxl 写出的工作簿" command -v soffice
  need libreoffice-writer "测试用它打开 perfxl 写出的文档" has_writer
  need python3-uno "测试用它操作 LibreOffice 中打开的工作簿" /usr/bin/python3 -c 'import uno'
  need xvfb "测试用它给 LibreOffice 一块看不见的屏幕" command -v Xvfb
  need openbox "测试用它管理虚拟屏幕上的窗口" command -v openbox
  need xdotool "测试用它移动、点按鼠标" command -v xdotool
  need chromium "测试用它打开 perfxl 写出的网页" command -v chromium
  need poppler-utils "测试用它读出 PDF 里的文字" command -v pdftotext
  need fontconfig "查找字体" command -v fc-list
  need fonts-noto-cjk "转 PDF 所用的中文字体" has_cjk_font
fi
install_missing

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || stop "需要 Python 3.11 或更新的版本，本机是 $("$python" -V)。"

stamp_of() { cat requirements/build.txt "requirements/$1.txt" pyproject.toml tools/setup.sh <("$python" -V) <(pwd) | sha256sum | cut -d' ' -f1; }
ready() { [[ -x .venv/bin/perfxl && $(cat ".venv/ready-$1" 2>/dev/null) == "$(stamp_of "$1")" ]]; }

# dev 包含 runtime 的全部，版本也相同
if ready dev || { [[ $scope == runtime ]] && ready runtime; }; then
  exit 0
fi
say "正在把 requirements/$scope.txt 锁定的软件包装入 .venv"
# 文件夹移动过之后，环境里的命令找不到自己的 Python；所用的 Python 换了，环境也要重建
[[ $(head -1 .venv/bin/pip 2>/dev/null) == "#!$PWD/.venv/"* && .venv/bin/python -ef $(command -v "$python") ]] ||
  "$python" -m venv --clear .venv
pip=(.venv/bin/python -m pip --disable-pip-version-check --quiet --quiet)
"${pip[@]}" install --require-hashes -r requirements/build.txt -r "requirements/$scope.txt"
"${pip[@]}" install --no-deps --no-build-isolation --editable .
.venv/bin/python -m compileall -q perfxl # an editable package is not compiled by pip, and each start would do it anew
stamp_of "$scope" >".venv/ready-$scope"
say "完成"
