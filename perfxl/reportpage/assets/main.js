// Puts the page together and keeps what the reader has chosen.

const wanted = {
  year: data.years.length ? data.years[0].year : null,
  text: "",
  department: null,
  grade: null,
  bin: null,
  code: null,
  severities: new Set(),
  order: "worst",
  reversed: false,
};
let opened = new Set();
const places = Object.fromEntries(["years", "figures", "charts", "list", "absent", "fallback"].map((id) => [id, document.getElementById(id)]));
const rows = element("div", { class: "rows" });
const status = element("p", { class: "status", role: "status" });
const toolbar = element("div", { class: "toolbar" });
const search = element("input", {
  type: "search",
  placeholder: "搜索项目、单位、部门、文件、问题",
  "aria-label": "搜索",
  autocomplete: "off",
  oninput: () => {
    wanted.text = search.value;
    clearTimeout(search.waiting);
    search.waiting = setTimeout(redrawList, 120);
  },
});

function drawYears() {
  if (data.years.length < 2) return;
  places.years.replaceChildren(
    ...data.years.map(({ year }) =>
      element(
        "button",
        { type: "button", "aria-pressed": String(year === wanted.year), onclick: () => chooseYear(year) },
        yearName(year),
      ),
    ),
  );
}

function chooseYear(year) {
  clearChoices();
  wanted.year = year;
  opened = new Set();
  drawAll();
}

function clearChoices() {
  Object.assign(wanted, { text: "", department: null, grade: null, bin: null, code: null });
  wanted.severities.clear();
  search.value = "";
}

function narrow(choices) {
  Object.assign(wanted, choices);
  drawToolbar();
  redrawList();
  places.list.scrollIntoView({ block: "start" });
}

function drawToolbar() {
  const change = (name, read) => (value) => {
    wanted[name] = value === null || !read ? value : read(value);
    redrawList();
  };
  const ofYear = departments.filter((each) => each.year === wanted.year);
  const names = ofYear.map((each) => each.name).sort((a, b) => a.localeCompare(b, "zh-CN"));
  const kinds = [...new Set(data.kinds.filter((kind) => kind[2] === wanted.year).map((kind) => kind[0]))];
  const severityButtons = SEVERITIES.map(({ key, sign, word }, at) =>
    element(
      "button",
      {
        type: "button",
        class: `chip ${key}`,
        "aria-pressed": String(wanted.severities.has(at)),
        onclick: (event) => {
          const chosen = !wanted.severities.delete(at);
          if (chosen) wanted.severities.add(at);
          event.currentTarget.setAttribute("aria-pressed", String(chosen));
          redrawList();
        },
      },
      `${sign} ${word}`,
    ),
  );
  const selects = [
    choice("部门", wanted.department || "", [["", "全部部门"], ...names.map((name) => [name, name])], change("department")),
    choice("等级", wanted.grade || "", [["", "全部等级"], ...data.grades.map((grade) => [grade, grade])], change("grade")),
    choice(
      "总分",
      wanted.bin === null ? "" : String(wanted.bin),
      [["", "全部总分"], ...SCORE_BINS.map((bin, at) => [String(at), bin])],
      change("bin", Number),
    ),
    choice("问题", wanted.code || "", [["", "全部问题"], ...kinds.map((code) => [code, data.codes[code]])], change("code")),
    choice("次序", wanted.order, Object.entries(ORDERS).map(([key, { title }]) => [key, title]), (order) => sortBy(order, false)),
    element(
      "button",
      { type: "button", class: "chip", "aria-pressed": String(wanted.reversed), onclick: () => sortBy(wanted.order, !wanted.reversed) },
      "倒序",
    ),
  ];
  const action = (title, act) => element("button", { type: "button", onclick: act }, title);
  toolbar.replaceChildren(
    search,
    element("div", { class: "chips", role: "group", "aria-label": "级别" }, severityButtons),
    element("div", { class: "actions" }, action("清除条件", reset), action("全部展开", openAll), action("打印", () => window.print())),
    element("div", { class: "selects" }, selects),
  );
}

function sortBy(order, reversed) {
  Object.assign(wanted, { order, reversed });
  drawToolbar();
  redrawList();
}

function reset() {
  clearChoices();
  opened = new Set();
  drawToolbar();
  redrawList();
}

// Opens all that is listed, as far as a page can bear it.
function openAll() {
  let left = OPENED_AT_MOST;
  for (const department of arranged(wanted)) {
    if (left <= 0) break;
    opened.add(department.name);
    for (const project of department.shown.slice(0, Math.min(left, PROJECTS_AT_ONCE))) opened.add(project);
    left -= department.shown.length;
  }
  redrawList();
}

const HEADS = [
  ["name", "部门 / 项目", "name"],
  ["number count", "项目数", "projects"],
  ["number", "全年预算", "budget"],
  ["number", "全年执行", "executed"],
  ["number rate", "执行率", "rate"],
  ["grades", "等级 / 总分", "total"],
  ["issues", "问题", "worst"],
];

function head() {
  return element(
    "div",
    { class: "line head" },
    HEADS.map(([kind, title, order]) =>
      element(
        "button",
        {
          type: "button",
          class: wanted.order === order && wanted.reversed ? `${kind} reversed` : kind,
          "aria-pressed": String(wanted.order === order),
          title: wanted.order === order ? "再点一次倒过来" : ORDERS[order].title,
          onclick: () => sortBy(order, wanted.order === order && !wanted.reversed),
        },
        title,
      ),
    ),
  );
}

function redrawList() {
  const counts = drawList(rows, wanted, opened);
  rows.prepend(head());
  const ofYear = projects.filter((project) => project.year === wanted.year);
  const replaced = ofYear.filter((project) => project.superseded).length;
  const all = ofYear.length - replaced;
  status.textContent = isNarrowed(wanted)
    ? `${chosenWords().join(" · ")}：${counts.departments} 个部门，${counts.projects} / ${all} 个项目`
    : `${counts.departments} 个部门，${data.leftOut ? "列出 " : ""}${all} 个项目（金额：万元）${replaced ? `；另列出 ${replaced} 张已由更新的表代替的` : ""}`;
}

function chosenWords() {
  const words = [];
  if (wanted.text.trim()) words.push(`“${wanted.text.trim()}”`);
  if (wanted.department !== null) words.push(wanted.department);
  if (wanted.grade !== null) words.push(`等级 ${wanted.grade}`);
  if (wanted.bin !== null) words.push(`总分 ${SCORE_BINS[wanted.bin]}`);
  if (wanted.code !== null) words.push(data.codes[wanted.code]);
  for (const at of wanted.severities) words.push(SEVERITIES[at].word);
  return words;
}

function drawAbsent() {
  const table = (title, count, lines) =>
    count
      ? [
          element("h2", {}, `${title}（${count}）`),
          element(
            "div",
            { class: "plain" },
            lines.map(([name, words]) => element("p", {}, element("b", {}, name), element("span", {}, words))),
            count > lines.length ? element("p", {}, `另有 ${count - lines.length} 个，请查询汇总库。`) : "",
          ),
        ]
      : [];
  places.absent.replaceChildren(
    ...table("未报送", data.missingCount, data.missing),
    ...table(
      "未能读取",
      data.failureCount,
      data.failures.map(([source, book, error]) => [manySources && source ? `${source}/${book}` : book, error]),
    ),
  );
}

function drawAll() {
  drawYears();
  if (data.years.length) {
    drawFigures(places.figures, wanted.year);
    drawCharts(places.charts, wanted.year, narrow);
  }
  drawToolbar();
  redrawList();
}

if (places.fallback) places.fallback.remove();
places.list.append(
  element("h2", {}, "部门、项目和问题"),
  toolbar,
  data.leftOut ? element("p", { class: "notice" }, data.leftOut) : "",
  status,
  rows,
);
drawAll();
drawAbsent();
window.addEventListener("resize", resizeCharts);
window.addEventListener("beforeprint", scaleCharts);
